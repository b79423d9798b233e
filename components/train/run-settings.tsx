import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { RunSummary } from '@/lib/schemas/run-answers';
import { adapterSettings, type TrainConfigKey, trainConfigKeys } from '@/trainer/contract/train-config';
import { choicesFor, isOptionalField } from './run-form';

/** The settings that the run was started with. */
export function RunSettings({ run }: { run: RunSummary }) {
  const t = useTranslations('train');
  const { formatDuration } = useFormats();
  const { config, trainedParameters } = run;
  const adapter = adapterSettings(config);
  const settings = { ...config, ...adapter };
  const show = (field: TrainConfigKey) => {
    const value = settings[field];
    if (value === undefined && isOptionalField(field)) return t(`leftOpen.${field}`);
    const choice = choicesFor(field)?.find((known) => known === value);
    return choice ? t(`choices.${choice}`) : String(value).replaceAll(',', ', ');
  };
  const what = adapter === null ? t('trainedWholeModel') : t('trainedLoraAdapter');
  const trained = trainedParameters === null ? what : t('trainedOf', { what, parameters: trainedParameters });
  const rows: [string, string][] = [
    [t('snapshot'), run.snapshotName],
    [t('model'), run.modelName],
    [t('trained'), trained],
    ...[...trainConfigKeys.main, ...trainConfigKeys.advanced, ...(adapter === null ? [] : trainConfigKeys.adapter)].map(
      (field): [string, string] => [t(`fields.${field}.label`), show(field)],
    ),
    ...(run.startedAt && run.finishedAt
      ? [[t('startToEnd'), formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))] as [string, string]]
      : []),
    [t('runsOn'), run.backend ?? t('notStarted')],
  ];
  return (
    <Card className="grid content-start gap-4">
      <CardHeader title={t('settings')} />
      <dl className="grid gap-x-8 text-sm sm:grid-cols-2">
        {rows.map(([name, value]) => (
          <div key={name} className="flex items-baseline justify-between gap-4 border-line border-b py-1.5">
            <dt className="shrink-0 text-soft">{name}</dt>
            <dd className="tabular min-w-0 break-words text-end font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
