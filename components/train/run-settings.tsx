import { Card, CardHeader } from '@/components/ui';
import { formatNumber } from '@/components/ui/format';
import type { RunSummary } from './run-api';
import { adapterFields, advancedFields, choices, fieldWords, mainFields, type RunField } from './run-form';

/** What the run was started with. */
export function RunSettings({ run }: { run: RunSummary }) {
  const show = (field: RunField) => {
    const value = run.config[field];
    const text = choices[field]?.find((choice) => choice.value === value)?.label ?? value;
    if (field === 'loraTargets') return String(value ?? 'all').replaceAll(',', ', ');
    return text === undefined ? 'the model’s context' : String(text);
  };
  const rows: [string, string][] = [
    ['Snapshot', run.snapshotName],
    ['Model', run.modelName],
    ['Trained', trainedInWords(run)],
    ...[...mainFields, ...advancedFields, ...(run.config.loraRank === undefined ? [] : adapterFields)].map(
      (field): [string, string] => [fieldWords[field].label, show(field)],
    ),
    ['Runs on', run.backend ?? 'not started'],
  ];
  return (
    <Card className="grid content-start gap-4">
      <CardHeader title="Settings" />
      <dl className="grid gap-x-8 text-sm sm:grid-cols-2">
        {rows.map(([name, value]) => (
          <div key={name} className="flex items-baseline justify-between gap-4 border-line border-b py-1.5">
            <dt className="text-soft">{name}</dt>
            <dd className="tabular min-w-0 break-words text-right font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** "a LoRA adapter of 12,288 parameters". */
function trainedInWords({ config, trainedParameters }: RunSummary): string {
  const what = config.loraRank === undefined ? 'the whole model' : 'a LoRA adapter';
  return trainedParameters === null ? what : `${what}, ${formatNumber(trainedParameters)} parameters`;
}
