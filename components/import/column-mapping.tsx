'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { Checkbox, Select, TextField } from '@/components/ui/field';
import { Notice } from '@/components/ui/states';
import { type ColumnDraft, columnMappingSchema, type ColumnMapping as Mapping } from '@/lib/schemas/column-mapping';
import type { ImportPreview } from '@/lib/schemas/import-preview';
import { importLimits } from '@/lib/schemas/prompt-import';
import { type ColumnRole, roleOf, rolesOf, withRole } from './column-roles';

export type FileColumns = NonNullable<ImportPreview['columns']>;

/** Lets the person say what each column of a file holds, beside some of its values. */
export function ColumnMapping({
  name,
  columns,
  onMapped,
  onCancel,
}: {
  /** The file's. */
  name: string;
  columns: FileColumns;
  onMapped: (mapping: Mapping) => void;
  onCancel: () => void;
}) {
  const t = useTranslations('import');
  const [draft, setDraft] = useState(columns.mapping);
  const [refused, setRefused] = useState(false);
  const names = columns.list.map((column) => column.name);
  const problem = refused ? problemOf(draft) : null;

  const setSourceName = (column: string, sourceName: string) =>
    setDraft({
      ...draft,
      responses: draft.responses.map((response) => {
        if (response.column !== column) return response;
        const { sourceName: _, ...rest } = response;
        return sourceName === '' ? rest : { ...rest, sourceName };
      }),
    });

  const submit = () => {
    const mapping = columnMappingSchema.safeParse(draft);
    setRefused(!mapping.success);
    if (mapping.success) onMapped(mapping.data);
  };

  const unnamed = draft.responses.filter(({ source }) => source === undefined);
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Card className="flex flex-wrap items-center justify-between gap-4">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="truncate font-semibold">
            <bdi>{name}</bdi>
          </h2>
          <p role="status" className="text-sm text-soft">
            {t(`columns.${columns.remembered ? 'remembered' : columns.needed ? 'needed' : 'possible'}`)}
          </p>
        </div>
        <div className="flex gap-2">
          <Button type="button" onClick={onCancel}>
            {t('startOver')}
          </Button>
          <Button type="submit" variant="primary">
            {t('preview')}
          </Button>
        </div>
        {problem ? (
          <Notice tone="bad" className="basis-full">
            {t(`columns.problems.${problem}`, { most: importLimits.maxResponses })}
          </Notice>
        ) : null}
      </Card>
      <Card flush>
        <div className="p-5 pb-4">
          <CardHeader title={t('columns.title')} description={t('columns.hint')} />
        </div>
        <ul className="divide-y divide-line border-line border-t">
          {columns.list.map(({ name: column, samples }) => (
            <li key={column} className="grid items-start gap-x-5 gap-y-2 px-5 py-4 sm:grid-cols-[minmax(0,1fr)_17rem]">
              <div className="min-w-0">
                <p className="font-medium text-sm wrap-anywhere">
                  <bdi>{column}</bdi>
                </p>
                <ul
                  aria-label={t('columns.values', { column })}
                  className="mt-1 grid gap-0.5 text-[0.8125rem] text-soft"
                >
                  {samples.map((value) => (
                    <li key={value} className="line-clamp-2 wrap-anywhere">
                      <bdi dir="auto">{value}</bdi>
                    </li>
                  ))}
                  {samples.length === 0 ? <li className="text-faint">{t('columns.empty')}</li> : null}
                </ul>
              </div>
              <ColumnChoice
                draft={draft}
                column={column}
                onChange={(role) => setDraft(withRole(draft, names, column, role))}
              />
            </li>
          ))}
        </ul>
        {columns.more > 0 ? (
          <p className="border-line border-t px-5 py-3 text-sm text-soft">
            {t('columns.more', { count: columns.more })}
          </p>
        ) : null}
      </Card>
      {unnamed.length > 0 ? (
        <Card className="grid gap-4">
          <CardHeader title={t('columns.sources')} description={t('columns.sourcesHint')} />
          <div className="grid gap-4 sm:grid-cols-2">
            {unnamed.map(({ column, sourceName }) => (
              <TextField
                key={column}
                label={t('columns.sourceOf', { column })}
                dir="auto"
                maxLength={importLimits.sourceLength}
                value={sourceName ?? ''}
                placeholder={draft.responses.length > 1 ? column : undefined}
                onChange={(event) => setSourceName(column, event.target.value)}
              />
            ))}
          </div>
        </Card>
      ) : null}
      {draft.responses.some(({ score }) => score !== undefined) ? (
        <Card>
          <Checkbox
            label={t('columns.lowerIsBetter')}
            hint={t('columns.lowerIsBetterHint')}
            checked={draft.lowerIsBetter ?? false}
            onChange={(event) => setDraft({ ...draft, lowerIsBetter: event.target.checked })}
          />
        </Card>
      ) : null}
    </form>
  );
}

function ColumnChoice({
  draft,
  column,
  onChange,
}: {
  draft: ColumnDraft;
  column: string;
  onChange: (role: ColumnRole) => void;
}) {
  const t = useTranslations('import');
  const roles = rolesOf(draft, column);
  const same = JSON.stringify(roleOf(draft, column));
  const chosen = Math.max(
    0,
    roles.findIndex((role) => JSON.stringify(role) === same),
  );
  const labelOf = (role: ColumnRole) =>
    'of' in role && role.of !== undefined
      ? t(`columns.rolesOf.${role.is}`, { response: role.of })
      : t(`columns.roles.${role.is}`);
  return (
    <Select
      label={<span className="sr-only">{t('columns.holds', { column })}</span>}
      value={String(chosen)}
      onChange={(event) => onChange(roles[Number(event.target.value)]!)}
      options={roles.map((role, i) => ({ value: String(i), label: labelOf(role) }))}
    />
  );
}

/** What is missing before the file can be read; null where nothing is. */
function problemOf(draft: ColumnDraft) {
  if (columnMappingSchema.safeParse(draft).success) return null;
  const { prompt, responses, winner } = draft;
  if (prompt === undefined) return 'prompt';
  if (responses.length === 0) return 'responses';
  if (winner !== undefined && responses.length < 2) return 'winner';
  return responses.length > importLimits.maxResponses ? 'tooMany' : 'other';
}
