'use client';

import { useTranslations } from 'next-intl';
import { useProject } from '@/components/projects/use-project';
import { Card, CardHeader } from '@/components/ui/card';
import { RadioCards } from '@/components/ui/field';
import { DEFAULT_COUNTING } from '@/lib/schemas/annotator-kinds';
import { type JudgementChoice as Choice, type ImportPreview, judgementChoices } from '@/lib/schemas/import-preview';
import { importLimits } from '@/lib/schemas/prompt-import';

/** The judgements of a file: whose they are, and what becomes of them. */
export function JudgementChoice({
  projectId,
  found,
  value,
  onChange,
}: {
  projectId: string;
  found: ImportPreview['found'];
  value: Choice;
  onChange: (choice: Choice) => void;
}) {
  const t = useTranslations('import');
  const { importedCountIn, modelsCountIn } = useProject(projectId).data?.project ?? DEFAULT_COUNTING;
  const { annotators, annotatorNames, judgements, compressed, tooManyAnnotators } = found;
  const meaning = (choice: Choice) => {
    const imported = t(`judged.${choice}.imported`);
    if (choice === 'leave-out') return imported;
    return `${imported} ${t(`judged.counting.${choice === 'model' ? modelsCountIn : importedCountIn}`)}`;
  };
  const names = t('judged.names', {
    names: annotatorNames.join(' · '),
    more: annotators - annotatorNames.length,
  });
  return (
    <Card className="grid gap-4">
      <CardHeader title={t('judged.found', { annotators, judgements })} description={<bdi dir="auto">{names}</bdi>} />
      {compressed > 0 ? <p className="text-sm text-soft">{t('judged.compressed', { compressed })}</p> : null}
      {tooManyAnnotators ? (
        <p className="text-sm text-soft">{t('judged.tooMany', { most: importLimits.annotators })}</p>
      ) : null}
      <RadioCards
        legend={t('judged.legend')}
        name="judgements"
        value={value}
        onChange={(choice) => onChange(choice as Choice)}
        options={judgementChoices.map((choice) => ({
          value: choice,
          label: t(`judged.${choice}.name`),
          description: meaning(choice),
          disabled: tooManyAnnotators && choice !== 'leave-out',
        }))}
      />
      <p className="text-[0.8125rem] text-faint">{t('judged.change')}</p>
    </Card>
  );
}
