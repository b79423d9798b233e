/**
 * The README of an export: how it was made, what its columns are and how its trainer is started on it. Its head is the
 * card that the Hugging Face hub reads. English, since it travels with the data.
 */

import type { ExtraColumn } from '../../schemas/export';
import { extraColumns } from '../../schemas/export';
import type { SnapshotHeader } from '../../schemas/snapshot';
import { dataPath, type Exporter, type FieldType } from './exporter';

export interface ExportAbout {
  readonly format: string;
  readonly projectName: string;
  readonly header: SnapshotHeader;
  readonly columns: ReadonlySet<ExtraColumn>;
  readonly people: 'pseudonyms' | 'names';
}

/** What became of the records: rows of each split, in the order of the files, and what has no row. */
export interface ExportTally {
  readonly rows: ReadonlyMap<string, number>;
  readonly leftOut: ReadonlyMap<string, number>;
}

export function readme(exporter: Exporter, about: ExportAbout, { rows, leftOut }: ExportTally): string {
  const { header } = about;
  const splits = [...rows.keys()];
  const { counts } = header;
  const dropped = header.dropped?.length ?? 0;
  return `${[
    card(exporter, about, splits),
    `# ${oneLine(header.name)}`,
    `Made by Rescue Studio from a snapshot of the project “${oneLine(about.projectName)}”.`,
    [
      '| | |',
      '|---|---|',
      `| format | \`${about.format}\`, one row a ${exporter.unit} |`,
      `| snapshot | ${cell(header.name)} |`,
      `| SHA-256 of its records | \`${header.hash}\` |`,
      `| made | ${header.created_at} |`,
      `| strategy | \`${header.strategy}\` |`,
      `| tiers, best first | ${header.tiers.map(cell).join(', ')} |`,
      `| settings | \`${cell(JSON.stringify(header.filters))}\` |`,
      `| holds | ${counts.prompts} prompts, ${counts.responses} responses, ${counts.pairs} pairs from ${counts.annotations} annotations |`,
      ...(exporter.namesPeople ? [`| annotators | ${about.people === 'names' ? 'by name' : 'by pseudonym'} |`] : []),
    ].join('\n'),
    '## Files',
    [
      '| file | rows |',
      '|---|---|',
      ...splits.map((split) => `| \`${dataPath(exporter, split)}\` | ${rows.get(split)} |`),
    ].join('\n'),
    ...(leftOut.size > 0
      ? [
          'Left out:',
          [...leftOut].map(([reason, count]) => `- ${count} (a ${exporter.unit} each): ${reason}.`).join('\n'),
        ]
      : []),
    '## Columns',
    [
      '| column | type | what it is |',
      '|---|---|---|',
      ...exporter
        .fields(about.columns)
        .map(({ name, type, about: what }) => `| \`${name}\` | ${typeName(type)} | ${what} |`),
    ].join('\n'),
    ...(exporter.namesPeople && dropped < counts.dropped_pairs
      ? [
          `Consensus left out ${counts.dropped_pairs} pairs; a snapshot lists the first ${dropped} of them, and so do these rows.`,
        ]
      : []),
    '## Use',
    exporter.usage(splits),
    ...(exporter.reader
      ? [
          `The rows are what \`${exporter.reader.path}\` of ${exporter.reader.repository} reads (commit \`${exporter.reader.commit.slice(0, 12)}\`).`,
        ]
      : []),
    '## Licence',
    'Not said here. Whoever publishes this has to say under which licence the prompts and responses may be used.',
  ].join('\n\n')}\n`;
}

/** The YAML by which the hub finds the files; a licence is not invented. */
function card(exporter: Exporter, { header }: ExportAbout, splits: readonly string[]): string {
  return [
    '---',
    `pretty_name: ${JSON.stringify(oneLine(header.name))}`,
    '# license: to be said by whoever publishes this',
    'tags:',
    '- preference',
    '- rlhf',
    'configs:',
    '- config_name: default',
    '  data_files:',
    ...splits.flatMap((split) => [`  - split: ${split}`, `    path: ${dataPath(exporter, split)}`]),
    '---',
  ].join('\n');
}

const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
const cell = (text: string) => oneLine(text).replaceAll('|', '\\|').replaceAll('`', "'");

function typeName(type: FieldType): string {
  if (typeof type === 'string') return type;
  if ('list' in type) return `list of ${typeName(type.list)}`;
  return `{${Object.keys(type.struct).join(', ')}}`;
}

/** @returns those of the wanted columns that the format does not have */
export const columnsWithout = (exporter: Exporter, wanted: readonly ExtraColumn[]): ExtraColumn[] =>
  wanted.filter((column) => !exporter.columns.includes(column));

/** The columns of an export, in their order. */
export const chosenColumns = (
  exporter: Exporter,
  wanted: readonly ExtraColumn[] | undefined,
): ReadonlySet<ExtraColumn> => {
  const chosen = wanted ?? exporter.defaults;
  return new Set(extraColumns.filter((column) => chosen.includes(column)));
};
