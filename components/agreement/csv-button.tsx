'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui';
import { type CsvCell, csvLine } from '@/lib/formats/csv-line';

/** By this mark at the start spreadsheets know UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** Saves the numbers behind a table or plot as a file. */
export function CsvButton({ name, rows }: { name: string; rows: () => (readonly CsvCell[])[] }) {
  const t = useTranslations('agreement');
  const save = () => {
    const url = URL.createObjectURL(new Blob([BYTE_ORDER_MARK, ...rows().map(csvLine)], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <Button size="sm" onClick={save} aria-label={t('downloadCsv', { name })}>
      <Download aria-hidden="true" className="size-4" />
      {t('csv')}
    </Button>
  );
}
