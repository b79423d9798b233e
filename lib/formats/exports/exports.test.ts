import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { type ExportFormat, exportFormats, extraColumns } from '../../schemas/export';
import type { Exporter, FieldType, Row, RowContext } from './exporter';
import { chosenColumns } from './readme';
import { ranks } from './record-views';
import { arbitraryRecord, testHeader, threeTiers, tied } from './records.test-support';
import { exporters } from './registry';
import { trainerSchemas } from './trainer-schemas.test-support';

const contextOf = (exporter: Exporter, columns = exporter.defaults): RowContext & { leftOut: Map<string, number> } => {
  const leftOut = new Map<string, number>();
  return {
    columns: new Set(columns),
    split: 'train',
    nameOf: (pseudonym) => pseudonym,
    nextIndex: () => 0,
    droppedOf: (id) => (testHeader.dropped ?? []).filter(({ prompt }) => prompt === id),
    leaveOut: (reason, count) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + count),
    leftOut,
  };
};
const rowsOf = (format: ExportFormat, record: SnapshotRecord, columns = exporters[format].defaults): readonly Row[] =>
  exporters[format].rows(record, contextOf(exporters[format], columns));

function fits(type: FieldType, value: unknown): boolean {
  // Parquet’s columns may all be null.
  if (value === null) return true;
  if (type === 'string') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return typeof value === 'number';
  if ('list' in type) return Array.isArray(value) && value.every((part) => fits(type.list, part));
  const names = Object.keys(type.struct);
  return (
    typeof value === 'object' &&
    Object.keys(value).join() === names.join() &&
    names.every((name) => fits(type.struct[name]!, (value as Row)[name]))
  );
}

describe.each(exportFormats)('%s', (format) => {
  const exporter = exporters[format];

  it('is what its trainer reads, whatever the texts and whichever columns', () => {
    fc.assert(
      fc.property(arbitraryRecord, fc.subarray([...exporter.columns]), (record, columns) => {
        for (const row of rowsOf(format, record, columns)) trainerSchemas[format].parse(row);
      }),
      { numRuns: 60 },
    );
  });

  it('has in each row the columns that it says it has, in their order and of their types', () => {
    fc.assert(
      fc.property(arbitraryRecord, fc.subarray([...exporter.columns]), (record, wanted) => {
        const fields = exporter.fields(chosenColumns(exporter, wanted));
        for (const row of rowsOf(format, record, wanted)) {
          expect(Object.keys(row)).toEqual(fields.map(({ name }) => name));
          expect(fields.filter(({ name, type }) => !fits(type, row[name])).map(({ name }) => name)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes rows for a prompt of three tiers, and offers no column that it does not have', () => {
    expect(rowsOf(format, threeTiers).length).toBeGreaterThan(0);
    expect(extraColumns).toEqual(expect.arrayContaining([...exporter.columns]));
    expect(exporter.columns).toEqual(expect.arrayContaining([...exporter.defaults]));
  });

  it('stands in docs/exports.md, with the reader that it was written from', () => {
    const line = readFileSync('docs/exports.md', 'utf8')
      .split('\n')
      .find((one) => one.startsWith(`| \`${format}\` |`));
    const { reader } = exporter;
    expect(line).toContain(
      reader ? `${reader.repository} \`${reader.path}\` @ ${reader.commit.slice(0, 12)}` : '| – |',
    );
  });

  it('has pairs that no tie is in', () => {
    if (exporter.unit === 'pair' || exporter.unit === 'response')
      expect(rowsOf(format, { ...tied, id: 'a tie' })).toEqual([]);
  });
});

describe('what formats make of a prompt with a system message, an earlier answer and three tiers', () => {
  it('TRL: messages, with the margin', () => {
    expect(rowsOf('trl-conversational', threeTiers)[1]).toEqual({
      prompt: threeTiers.prompt,
      chosen: [{ role: 'assistant', content: 'In the harbour.' }],
      rejected: [{ role: 'assistant', content: '=HERE()' }],
      margin: 2,
    });
  });

  it('TRL as text: the turns are named', () => {
    expect(rowsOf('trl-explicit', threeTiers, ['prompt_id', 'sources', 'support', 'split'])[0]).toEqual({
      prompt: 'System: Be brief.\n\nUser: Where?\n\nAssistant: Where is what?\n\nUser: The boat.',
      chosen: 'In the harbour.',
      rejected: 'At sea.',
      prompt_id: 'a',
      chosen_source: 'human',
      rejected_source: 'm1',
      support: 2,
      against: 0,
      split: 'train',
    });
  });

  it('KTO: what wins and loses has no label, and is counted', () => {
    const context = contextOf(exporters['trl-kto']);
    const rows = exporters['trl-kto'].rows(threeTiers, context);
    expect(rows.map(({ completion, label }) => [(completion as { content: string }[])[0]!.content, label])).toEqual([
      ['In the harbour.', true],
      ['=HERE()', false],
    ]);
    expect([...context.leftOut.values()]).toEqual([2]);
  });

  it('LLaMA-Factory: the earlier exchange is history, and what does not alternate is left out of ShareGPT and counted', () => {
    expect(rowsOf('llama-factory-alpaca', threeTiers)[0]).toMatchObject({
      instruction: 'The boat.',
      system: 'Be brief.',
      history: [['Where?', 'Where is what?']],
    });
    const twice = { ...threeTiers, prompt: [threeTiers.prompt[1]!, threeTiers.prompt[3]!] };
    const context = contextOf(exporters['llama-factory-sharegpt']);
    expect(exporters['llama-factory-sharegpt'].rows(twice, context)).toEqual([]);
    expect([...context.leftOut.values()]).toEqual([5]);
  });
});

describe('formats that can say ties', () => {
  it('RRHF has equal scores for them, and higher ones for the better', () => {
    expect(rowsOf('rrhf', threeTiers)).toMatchObject([
      { responses: ['In the harbour.', 'At sea.', '=HERE()', 'On land.'], scores: [2, 1, 0, 1] },
    ]);
    expect(rowsOf('rrhf', tied)).toMatchObject([{ query: 'Who?', scores: [0, 0] }]);
  });

  it('lists have equal ranks, 0 the best', () => {
    expect(rowsOf('listwise', threeTiers)).toMatchObject([{ ranks: [0, 1, 2, 1] }]);
    expect(rowsOf('listwise', tied)).toMatchObject([{ ranks: [0, 0] }]);
  });
});

describe('the ledger and the votes', () => {
  it('have what consensus left out, too, with its reason, and people by the name that they are given', () => {
    const context = { ...contextOf(exporters.ledger), nameOf: (id: string) => `<${id}>` };
    const rows = exporters.ledger.rows(threeTiers, context);
    expect(rows).toHaveLength(6);
    expect(rows.at(-1)).toEqual({
      prompt_id: 'a',
      better: 'x',
      worse: 'w',
      outcome: 'contradicted',
      margin: null,
      support: ['<annotator-1>'],
      against: ['<annotator-2>'],
    });
    const votes = exporters.votes.rows(threeTiers, context);
    expect(votes.filter(({ vote }) => vote === 'against').map(({ annotator }) => annotator)).toEqual([
      '<annotator-3>',
      '<annotator-2>',
    ]);
    expect(votes).toHaveLength(8 + 1);
  });
});

describe('ranks', () => {
  it('are consensus tiers without gaps, equal for ties', () => {
    expect([...ranks(threeTiers)]).toEqual([
      ['x', 0],
      ['y', 1],
      ['z', 2],
      ['w', 1],
    ]);
    expect([...ranks(tied).values()]).toEqual([0, 0]);
  });

  it('follow from the pairs where nobody judged, or where tiers say something else', () => {
    const unjudged = { ...threeTiers, responses: threeTiers.responses.map(({ tier: _, ...response }) => response) };
    expect(Object.fromEntries(ranks(unjudged))).toEqual({ x: 0, y: 1, w: 1, z: 2 });
    const otherwise = {
      ...threeTiers,
      responses: threeTiers.responses.map((response) => ({ ...response, tier: 0 })),
    };
    expect(Object.fromEntries(ranks(otherwise))).toEqual({ x: 0, y: 1, w: 1, z: 2 });
  });

  it('never contradict a pair', () => {
    fc.assert(
      fc.property(arbitraryRecord, (record) => {
        const rankOf = ranks(record);
        for (const { chosen, rejected } of record.pairs)
          expect(rankOf.get(chosen)!).toBeLessThan(rankOf.get(rejected)!);
      }),
    );
  });
});
