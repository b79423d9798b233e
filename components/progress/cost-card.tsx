'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CsvButton } from '@/components/agreement/csv-button';
import { Card, CardHeader, TextField } from '@/components/ui';
import { parseNumber } from '@/components/ui/number';
import { Stat, StatRow } from '@/components/ui/stat';
import { useFormats } from '@/components/ui/use-formats';

/** What the work costs at a wage: all of it, a judgement, a prompt, and a pair that consensus keeps. */
export function CostCard({
  seconds,
  judgements,
  prompts,
  pairs,
}: {
  seconds: number;
  judgements: number;
  prompts: number;
  pairs: number | null;
}) {
  const t = useTranslations('progress');
  const { formatDuration, formatNumber } = useFormats();
  const [text, setText] = useState('');
  const wage = parseNumber(text);
  const isWrong = text.trim() !== '' && (wage === null || wage < 0);
  const cost = wage === null || isWrong ? null : (seconds / 3600) * wage;
  const per = (count: number | null) => (cost === null || !count ? null : cost / count);
  const parts = [
    { label: t('costAll'), value: cost },
    { label: t('costPerJudgement'), value: per(judgements) },
    { label: t('costPerPrompt'), value: per(prompts) },
    { label: t('costPerPair'), value: per(pairs) },
  ];
  const money = (value: number | null) =>
    value === null ? '—' : formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (
    <Card className="grid gap-4">
      <CardHeader
        title={t('costTitle')}
        description={t('costHint', { time: formatDuration(seconds * 1000) })}
        actions={
          <CsvButton
            name="cost"
            rows={() => [
              [t('wage'), ...parts.map(({ label }) => label)],
              [wage, ...parts.map(({ value }) => value)],
            ]}
          />
        }
      />
      <TextField
        label={t('wage')}
        hint={t('wageHint')}
        error={isWrong ? t('wageWrong') : undefined}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
        className="max-w-xs"
      />
      <StatRow>
        {parts.map(({ label, value }) => (
          <Stat key={label} label={label} value={money(value)} />
        ))}
      </StatRow>
    </Card>
  );
}
