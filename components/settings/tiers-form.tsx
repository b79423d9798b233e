'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Project } from '@/components/projects/project-types';
import { draftTiers, TierFields, tiersOf } from '@/components/projects/tier-fields';
import { Button, Card, CardHeader, Notice, useErrorMessage, useToast } from '@/components/ui';
import { api, useApiMutation } from '@/components/ui/api';
import { type TierColor, tierProblem } from '@/lib/schemas/tier-rules';

/** Names and colours of the tiers; how many there are only while nothing has been annotated. */
export function TiersForm({ project, annotated }: { project: Project; annotated: boolean }) {
  const t = useTranslations('settings');
  const tiers = useTranslations('projects');
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const [drafts, setDrafts] = useState(() => draftTiers(project.tiers, project.tierColors));
  const [problem, setProblem] = useState<string | null>(null);
  const path = `/projects/${project.id}`;
  const save = useApiMutation(
    (json: { tiers: string[]; tierColors: TierColor[] }) => api(path, { method: 'PATCH', json }),
    [path],
    () => toast(t('tiersSaved')),
  );
  const shown = problem ?? (save.isError ? errorMessage(save.error) : null);
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const changes = tiersOf(drafts);
          const found = tierProblem(changes.tiers);
          setProblem(found && tiers(`tierProblems.${found}`));
          if (!found && !save.isPending) save.mutate(changes);
        }}
      >
        <CardHeader title={t('tiers')} description={t('tiersByNumber')} className="mb-4" />
        <TierFields
          tiers={drafts}
          onChange={setDrafts}
          fixed={annotated ? t('tierCountStays', { count: project.tiers.length }) : undefined}
        />
        {shown ? (
          <Notice tone="bad" className="mt-4">
            {shown}
          </Notice>
        ) : null}
        <div className="mt-4 flex justify-end">
          <Button variant="primary" type="submit" pending={save.isPending}>
            {t('saveTiers')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
