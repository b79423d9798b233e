'use client';

import { useTranslations } from 'next-intl';
import { TextField } from '@/components/ui';
import { MAX_PRIORITY } from '@/lib/schemas/prompt-import';

/** A priority as it is typed. */
export function PriorityField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations('prompts');
  return (
    <TextField
      type="number"
      label={t('priority')}
      hint={t('priorityHint')}
      required
      step={1}
      min={-MAX_PRIORITY}
      max={MAX_PRIORITY}
      dir="ltr"
      className="min-w-0 flex-1 basis-56"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
