import { describe, expect, it } from 'vitest';
import { inEnglish } from '@/trainer/contract/english';
import { annotationsJsonl } from './annotations-jsonl';
import { readAnnotations } from './read-annotations';

const placement = { response: 'a', source: 'human', state: 'placed' as const, tier: 0, tier_name: 'good' };
const line = {
  prompt: 'q-1',
  role: 'annotator' as const,
  annotator: { id: 'u1', name: 'annotator-1' },
  version: 1,
  in_force: true,
  extra: false,
  text_version: 1,
  created_at: '2026-01-02T03:04:05.000Z',
  time_on_task_ms: 1000,
  all_bad: false,
  placements: [placement, { ...placement, response: 'b', state: 'cannot_judge' as const, tier: null, tier_name: null }],
  comment: '',
  tags: [],
  marks: [],
};
const read = (...lines: unknown[]) =>
  readAnnotations(new TextEncoder().encode(lines.map((one) => `${JSON.stringify(one)}\n`).join('')));
const said = (...lines: unknown[]) =>
  read(...lines).errors.map(({ line: at, reason }) => `${at}: ${inEnglish(reason)}`);

describe('readAnnotations', () => {
  it('reads what the app writes: the versions in force', () => {
    const file = [
      { ...line, in_force: false },
      { ...line, version: 2 },
    ].map((one) => `${annotationsJsonl.write(one)}\n`);
    const { annotations, errors } = readAnnotations(new TextEncoder().encode(file.join('')));
    expect(errors).toEqual([]);
    expect(annotations).toEqual([
      {
        line: 2,
        prompt: 'q-1',
        annotator: line.annotator,
        at: Date.UTC(2026, 0, 2, 3, 4, 5),
        allBad: false,
        textVersion: 1,
        placements: line.placements,
      },
    ]);
  });

  it('needs no more than prompt, annotator and placements', () => {
    const { prompt, annotator, placements } = line;
    expect(read({ prompt, annotator, placements }).annotations).toEqual([
      { line: 1, prompt, annotator, at: undefined, allBad: false, textVersion: undefined, placements },
    ]);
  });

  it('passes over the decisions of reviewers', () => {
    const decision = { ...line, role: 'reviewer' as const, annotator: { id: 'u9', name: 'Rob' } };
    expect(read(line, decision)).toEqual(read(line));
  });

  it('names the line and what is wrong with it', () => {
    expect(said(line, line)).toEqual(['2: this annotator has another annotation of this prompt in force, in line 1']);
    expect(said({ ...line, placements: [{ ...placement, tier: null }] })).toEqual([
      '1: a placement has a tier exactly where its state is "placed"',
    ]);
    expect(said({ ...line, prompt: undefined })).toEqual(['1: prompt: is missing']);
    expect(said({ prompt: 'x', responses: [] })).toEqual([
      '1: this is an import file of prompts; expected is an export of annotations',
    ]);
    expect(said()).toEqual(['1: there are no annotations in this file']);
  });
});
