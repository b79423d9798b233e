'use client';

import { useTranslations } from 'next-intl';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Card, CardHeader } from '@/components/ui/card';
import { Select } from '@/components/ui/field';
import { useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { type ImportedKind, importedKinds } from '@/lib/schemas/annotator-kinds';
import type { ImportedAnnotator } from '@/lib/schemas/people';

/** Annotators who came with files, and which of them are models. Nothing where there are none. */
export function ImportedAnnotators({ projectId }: { projectId: string }) {
  const t = useTranslations('projects');
  const path = `/projects/${projectId}`;
  const annotators = useApi<{ annotators: ImportedAnnotator[] }>(`${path}/imported-annotators`).data?.annotators ?? [];
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const change = useApiMutation(
    ({ userId, kind }: { userId: string; kind: ImportedKind }) =>
      api(`${path}/imported-annotators`, { method: 'PUT', json: { userId, kind } }),
    [path],
  );
  if (annotators.length === 0) return null;
  const choose = ({ userId, name }: ImportedAnnotator, kind: ImportedKind) =>
    change.mutate(
      { userId, kind },
      {
        onSuccess: () => toast(t('imported.changed', { name })),
        onError: (error) => toast(errorMessage(error), 'bad'),
      },
    );
  return (
    <Card>
      <CardHeader title={t('imported.title')} description={t('imported.hint')} className="mb-3" />
      <ul className="-my-1 divide-y divide-line">
        {annotators.map((annotator) => (
          <li key={annotator.userId} className="flex flex-wrap items-end justify-between gap-3 py-3">
            <div className="min-w-0 flex-1 basis-40">
              <p className="font-medium text-sm wrap-anywhere">
                <bdi>{annotator.name}</bdi>
              </p>
              <p className="text-[0.8125rem] text-faint">{t('imported.prompts', { prompts: annotator.prompts })}</p>
            </div>
            <Select
              className="w-44"
              label={t('imported.kind', { name: annotator.name })}
              value={annotator.kind}
              onChange={(event) => choose(annotator, event.target.value as ImportedKind)}
              options={importedKinds.map((kind) => ({ value: kind, label: t(`imported.${kind}`) }))}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}
