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

  it('says what they agree on, who is reliable and which source is preferred', () => {
    const { consensus } = JSON.parse(agreement(study).stdout);
    expect(consensus).toMatchObject({
      rule: { quorum: 'majority', max_against: 0 },
      // p and alone: three pairs each. q: one contradicted, and two that only Ben compared.
      pairs: { kept: 8, implied: 0, tied: 0, contradicted: 1, unsupported: 0 },
      median: { ambiguous: 1, approximate: 0 },
      tie: { value: null, words: expect.stringContaining('there is no limit to the strength') },
      sources: [
        { source: 'human', wins: 8, losses: 1, ties: 0, win_rate: { value: 8 / 9 }, worth: null },
        { source: 'model-1' },
        { source: 'model-2', win_rate: { value: 0 } },
      ],
    });
    expect(consensus.reliability.map(({ judgements }: { judgements: number }) => judgements).sort()).toEqual([6, 8]);
    const lenient = JSON.parse(agreement(study, '--max-against', '1', '--quorum', '1').stdout).consensus;
    expect(lenient).toMatchObject({ rule: { quorum: 1, max_against: 1 }, pairs: { kept: 8, contradicted: 1 } });
  });

  it('writes each prompt with its ledger, and a report with plots', () => {
    const { status, stderr } = agreement(
      study,
      '--out',
      tempPath('merged.jsonl'),
      '--report',
      tempPath('report', 'study.md'),
    );
    expect([status, stderr]).toEqual([0, '']);
    const merged = readFileSync(tempPath('merged.jsonl'), 'utf8').trim().split('\n');
    expect(merged.map((line) => JSON.parse(line).prompt)).toEqual(['p', 'q', 'alone']);
    expect(JSON.parse(merged[1]!)).toMatchObject({
      median: { levels: { r0: 0, r1: 0, r2: 1 }, tau_x: 1 / 2, exact: true, equally_good: 3 },
      ledger: [
        { better: 'r0', worse: 'r1', outcome: 'contradicted', support: ['ann'], against: ['ben'], tied: [] },
        { better: 'r0', worse: 'r2', outcome: 'kept', support: ['ben'] },
        { better: 'r1', worse: 'r2', outcome: 'kept', support: ['ben'] },
      ],
    });
    const page = readFileSync(tempPath('report', 'study.md'), 'utf8');
    const plots = [...page.matchAll(/!\[.+\]\((.+\.svg)\)/g)].map(([, name]) => name!);
    expect(plots).toEqual(['study-agreement.svg', 'study-annotators.svg', 'study-sources.svg']);
    for (const name of plots) {
      const svg = readFileSync(tempPath('report', name), 'utf8');
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".*<\/svg>\n$/s);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it('tests a model in place of each person, and leaves it out of what people agree on', () => {
    const crowd = Array.from({ length: 40 }, (_, i) => {
      const tiers = [i % 3, (i + 1) % 3, 2];
      return ['ann', 'ben', 'cyd', 'model'].map((name) =>
        annotation(`p${i}`, name, name === 'cyd' && i % 2 === 1 ? [2, 1, 0] : tiers),
      );
    }).flat();
    const { judge, ...rest } = JSON.parse(agreement(crowd, '--judge', 'model').stdout);
    const people = JSON.parse(agreement(crowd.filter(({ annotator }) => annotator.name !== 'model')).stdout);
    expect(rest).toEqual(people);
    expect(judge).toMatchObject({
      judge: 'model',
      epsilon: 0.1,
      comparisons: 120,
      with_ties: {
        winning_rate: { value: 1 },
        may_stand_in: true,
        people: [{ annotator: 'ann', prompts: 40, won: true }, {}, {}],
      },
      without_ties: { may_stand_in: true },
    });
    expect(agreement(crowd, '--judge', 'model', '--report', tempPath('report', 'judge.md')).status).toBe(0);
    expect(readFileSync(tempPath('report', 'judge.md'), 'utf8')).toContain('With ties: yes (winning rate 1.000)');
    expect(agreement(crowd, '--judge', 'nobody').stderr).toContain('--judge nobody: no annotator has that name');
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
    expect(shown).toContain('5 annotations of 3 prompts in 3 tiers; 2 comparisons of two annotators on one prompt.');
    expect(shown).toMatch(/^ {2}tau_x +0\.000 +-1\.000 to 1\.000$/m);
    expect(shown).not.toContain('NaN');
  });

  it.each([
    [['--data', 'none.jsonl'], 1, 'none.jsonl: there is no such file'],
    [['--data', 'annotations.jsonl', '--tiers', '2'], 2, '--tiers is 2, but annotations.jsonl uses 3'],
    [['--data', 'annotations.jsonl', '--report', 'page.html'], 2, '--report page.html: must end in .md'],
    [['--data', 'annotations.jsonl', '--max-against', '-1'], 2, '--max-against'],
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
