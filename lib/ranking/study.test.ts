import { describe, expect, it } from 'vitest';
import { agreementReportSchema } from '../schemas/agreement';
import { defaultConsensusRule } from './consensus';
import { type JudgedPrompt, Study, studyContribution } from './study';

const order = (tiers: Record<string, number>) => new Map(Object.entries(tiers));
const at = Date.UTC(2026, 10, 26);

/** Both judge `prompts` prompts alike, but for the last, on which they say the opposite. */
function twoPeople(prompts: number): JudgedPrompt[] {
  return Array.from({ length: prompts }, (_, n) => {
    const judgements = [
      { annotator: 'ada', order: order({ a: 0, b: 1 }), at },
      { annotator: 'bob', order: n === prompts - 1 ? order({ a: 1, b: 0 }) : order({ a: 0, b: 1 }), at },
    ];
    const responses = [
      { id: 'a', source: 'large' },
      { id: 'b', source: 'small' },
    ];
    return { id: `p${n}`, responses, judgements, expanded: judgements };
  });
}

const reportOf = (prompts: readonly JudgedPrompt[]) => {
  const options = { tierCount: 4, rule: defaultConsensusRule };
  const study = new Study(options);
  for (const prompt of prompts) {
    const contribution = studyContribution(prompt, options);
    // They are kept as JSON.
    if (contribution) study.add(JSON.parse(JSON.stringify(contribution)));
  }
  return agreementReportSchema.omit({ judges: true }).parse(study.report({ seed: 1, resamples: 200 }));
};

describe('Study', () => {
  it('measures agreement, sources, tiers in use, and what each rule keeps', () => {
    const report = reportOf(twoPeople(10));
    expect(report).toMatchObject({ prompts: 10, sharedPrompts: 10, annotations: 20, comparisons: 10 });
    expect(report.figures.tauX.value).toBeCloseTo(0.8, 12);
    expect(report.figures.tauX.interval![0]).toBeLessThan(0.8);
    expect(report.overTime).toMatchObject([{ day: '2026-11-26', comparisons: 10 }]);
    expect(report.annotators[0]).toMatchObject({ annotatorId: 'ada', prompts: 10, tierUse: [10, 10, 0, 0] });
    expect(report.sources).toMatchObject([
      { source: 'large', wins: 19, losses: 1, ties: 0 },
      { source: 'small', wins: 1, losses: 19, ties: 0 },
    ]);
    const kept = (quorum: number | 'majority', maxAgainst: number) =>
      report.rules.find((rule) => rule.quorum === quorum && rule.maxAgainst === maxAgainst)!.outcomes.kept;
    expect(kept('majority', 0)).toBe(9);
    expect(kept(2, 0)).toBe(9);
    expect(kept(3, 0)).toBe(0);
  });

  it('says why a figure is undefined where one person judged alone', () => {
    const [alone] = twoPeople(1);
    const judgements = alone!.judgements.slice(0, 1);
    const report = reportOf([{ ...alone!, judgements, expanded: judgements }]);
    expect(report.figures.tauX).toMatchObject({ value: null, interval: null });
    expect(report.figures.tauX.reason?.key).toBe('trainer.fewerThanTwoPlacedByBoth');
    expect(report.annotators[0]!.tauX).toMatchObject({ value: null });
    expect(report.pairs).toEqual([]);
  });

  it('counts nothing of prompts that nobody judged', () => {
    const [one] = twoPeople(1);
    expect(reportOf([{ ...one!, judgements: [], expanded: [] }])).toMatchObject({
      prompts: 0,
      annotations: 0,
      rules: expect.any(Array),
    });
  });
});
