'use client';

import { useTranslations } from 'next-intl';
import { CsvButton } from '@/components/agreement/csv-button';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import type { CsvCell } from '@/lib/formats/csv-line';

/** The numbers of a plot as a table that opens, and as a file with more of them where there are many. */
export function TableBehind({
  name,
  caption,
  head,
  rows,
  show = (value) => value,
}: {
  /** Of the file. */
  name: string;
  caption: string;
  head: readonly string[];
  rows: readonly (readonly CsvCell[])[];
  /** A cell in words, where it is more than a number or a text. */
  show?: (value: CsvCell, column: number) => CsvCell;
}) {
  const t = useTranslations('agreement');
  const words = useTranslations('progress');
  const { formatNumber } = useFormats();
  const shown = rows.slice(-MAX_ROWS);
  const cell = (value: CsvCell, column: number) => {
    const told = show(value, column);
    return told === null ? '—' : typeof told === 'number' ? formatNumber(told) : told;
  };
  return (
    <details>
      <summary className="cursor-pointer text-sm text-soft">{t('asTable')}</summary>
      <div className="mt-3 grid grid-cols-[minmax(0,1fr)] justify-items-start gap-3">
        <CsvButton name={name} rows={() => [head, ...rows]} />
        {shown.length < rows.length ? (
          <p className="text-sm text-soft">{words('lastRows', { count: shown.length })}</p>
        ) : null}
        <div className="w-full">
          <Table caption={caption}>
            <thead>
              <tr>
                {head.map((title, column) => (
                  <Th key={title} numeric={typeof rows[0]?.[column] === 'number'}>
                    <bdi>{title}</bdi>
                  </Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={JSON.stringify(row.filter((value) => typeof value === 'string'))}>
                  {row.map((value, column) =>
                    column === 0 ? (
                      <RowTh key={head[column]} className="whitespace-nowrap font-normal">
                        <bdi>{cell(value, column)}</bdi>
                      </RowTh>
                    ) : (
                      <Td key={head[column]} numeric={typeof value === 'number'}>
                        <bdi>{cell(value, column)}</bdi>
                      </Td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      </div>
    </details>
  );
}

const MAX_ROWS = 100;
