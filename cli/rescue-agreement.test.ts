import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotationsOf } from '../docs/studies/to-annotations.mjs';
import { main } from './main';
import { jsonl, prepareCommandLine, rescue, root, tempPath } from './rescue-harness';

prepareCommandLine();

const annotation = (prompt: string, annotator: string, tiers: readonly (number | null)[], created_at?: string) => ({
  prompt,
  annotator: { id: annotator, name: annotator },
  ...(created_at === undefined ? {} : { created_at }),
  placements: tiers.map((tier, i) => ({
    response: `r${i}`,
    source: i === 0 ? 'human' : `model-${i}`,
    state: tier === null ? 'cannot_judge' : 'placed',
    tier,
    tier_name: null,
  })),
});
const study = [
  annotation('p', 'ann', [0, 1, 2], '2026-01-05T00:00:00.000Z'),
  annotation('p', 'ben', [0, 1, 2], '2026-01-06T00:00:00.000Z'),
  annotation('q', 'ann', [0, 1, null], '2026-02-01T00:00:00.000Z'),
  annotation('q', 'ben', [1, 0, 2], '2026-02-01T00:00:00.000Z'),
  annotation('alone', 'ann', [0, 1, 2]),
];
function agreement(lines: readonly object[], ...more: string[]) {
  writeFileSync(tempPath('annotations.jsonl'), jsonl(lines));
  return rescue('agreement', '--data', tempPath('annotations.jsonl'), ...more);
}

describe('rescue agreement', () => {
  it('measures the project, each annotator, each two and time', () => {
    const { status, stdout, stderr } = agreement(study);
    expect([status, stderr]).toEqual([0, '']);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({
      prompts: 3,
      annotations: 5,
      tiers: 3,
      comparisons: 2,
      project: { tauX: { value: 0 }, pairAgreement: { value: 3 / 4 }, sameTier: { value: 3 / 5 } },
      annotators: [
        { annotator: 'ann', prompts: 3, comparisons: 2 },
        { annotator: 'ben', prompts: 2, comparisons: 2 },
      ],
      pairs: [{ first: 'ann', second: 'ben', figures: { kappa: { value: 0.5 } } }],
      over_time: [
        { bucket: '2026-01', figures: { tauX: { value: 1 } } },
        { bucket: '2026-02', figures: { tauX: { value: -1 } } },
      ],
    });
    expect(said.project.tauX.interval).toEqual([-1, 1]);
    expect(agreement(study).stdout).toBe(stdout);
  });

  it('says why a figure is undefined', () => {
    const { project } = JSON.parse(agreement(study.slice(0, 1)).stdout);
    expect(project.tauX).toEqual({
      value: null,
      interval: null,
      words: 'no two responses were placed in tiers by the same two annotators',
    });
  });

  it('is a table on a terminal', async () => {
    agreement(study);
    const printed: string[] = [];
    const io = { stdout: (text: string) => void printed.push(text), terminal: true, stderr: { write: () => true } };
    expect(await main(['agreement', '--data', tempPath('annotations.jsonl')], io)).toBe(0);
    const shown = printed.join('');
    expect(shown).toContain('5 annotations of 3 prompts by 2 annotators who share some, in 3 tiers: 2 comparisons');
    expect(shown).toMatch(/^tau_x +0\.000 +-1\.000 to 1\.000$/m);
    expect(shown).not.toContain('NaN');
  });

  it.each([
    [['--data', 'none.jsonl'], 1, 'none.jsonl: there is no such file'],
    [['--data', 'annotations.jsonl', '--tiers', '2'], 2, '--tiers is 2, but annotations.jsonl uses 3'],
    [['--data', 'annotations.jsonl', '--by', 'year'], 2, '--by is "year"; it may be day or month'],
    [[], 2, '--data is missing'],
  ])('refuses %j', (argv, code, words) => {
    writeFileSync(tempPath('annotations.jsonl'), jsonl(study));
    const { status, stderr } = rescue('agreement', ...argv);
    expect(stderr).toContain(words);
    expect(status).toBe(code);
  });

  it('names file and line of what it cannot read', () => {
    const { status, stderr } = agreement([...study, ...study.slice(0, 1)]);
    expect(stderr).toContain(
      'annotations.jsonl:6: this annotator has another annotation of this prompt in force, in line 1',
    );
    expect(status).toBe(1);
  });

  it('reads the example of docs/formats.md', () => {
    const [, example] = /```json\n(\{"annotator".*)\n```/.exec(readFileSync(join(root, 'docs/formats.md'), 'utf8'))!;
    expect(JSON.parse(agreement([JSON.parse(example!)]).stdout)).toMatchObject({ prompts: 1, annotations: 1 });
  });

  const published = join(root, '../shared/data/pairwise-3-annotators/pairs.jsonl');
  it.skipIf(!existsSync(published))("finds the published kappa of PandaLM's three annotators", () => {
    const { pairs } = JSON.parse(agreement(annotationsOf('pairwise-3-annotators', published)).stdout);
    const kappas = pairs.map(({ figures }: { figures: { kappa: { value: number } } }) =>
      figures.kappa.value.toFixed(2),
    );
    expect(kappas).toEqual(['0.85', '0.88', '0.86']);
  });
});
