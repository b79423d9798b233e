import { describe, expect, it } from 'vitest';
import { readSnapshotFile } from '../data/snapshot';
import { esnliRecord, type HeuristicOrder, wordOverlap } from './esnli-records';

const item = {
  id: 'x',
  premise: 'The boats are quiet.',
  hypothesis: 'Boats make noise.',
  label: 'contradiction' as const,
  human: ['Quiet boats make no noise.', 'Noise is not quiet.'],
  model: { entailment: 'Boats are boats.', neutral: 'No, not all boats.', contradiction: 'Quiet boats make none.' },
};
const pairsOf = (order: HeuristicOrder) =>
  esnliRecord(item, order)
    .pairs.map(({ chosen, rejected }) => `${chosen.replace('gpt2-', '')}>${rejected.replace('gpt2-', '')}`)
    .sort();

describe('esnliRecord', () => {
  it('human: human > rest', () => {
    expect(pairsOf('human')).toEqual(['human-1>contradiction', 'human-1>entailment', 'human-1>neutral']);
  });

  it('label: right label > wrong, whoever wrote it', () => {
    expect(pairsOf('label')).toEqual([
      'contradiction>entailment',
      'contradiction>neutral',
      'human-1>entailment',
      'human-1>neutral',
    ]);
  });

  it('hybrid: human > right > wrong', () => {
    expect(pairsOf('hybrid')).toEqual([
      'contradiction>entailment',
      'contradiction>neutral',
      'human-1>contradiction',
      'human-1>entailment',
      'human-1>neutral',
    ]);
  });

  it('full: a chain from the human response down', () => {
    expect(pairsOf('full')).toHaveLength(6);
    expect(esnliRecord(item, 'full').responses.map(({ tier }) => tier)).toEqual([0, 3, 2, 1]);
  });

  it('is a valid snapshot record, ties making no pairs', () => {
    const record = esnliRecord(item, 'hybrid', 2);
    const { records, notes } = readSnapshotFile(new TextEncoder().encode(JSON.stringify(record)), 'esnli', {
      pairs: 'needed',
    });
    expect(records).toEqual([record]);
    expect(notes).toEqual([]);
    expect(record.responses[0]?.text).toBe('Quiet boats make no noise. #### contradiction');
    expect(record.pairs).toHaveLength(2 * 3 + 2);
  });
});

it('wordOverlap is F1 over bags of words', () => {
  expect(wordOverlap('a b b', 'b b c')).toBeCloseTo(2 / 3);
  expect(wordOverlap('a', 'A!')).toBe(1);
  expect(wordOverlap('', '')).toBe(0);
});
