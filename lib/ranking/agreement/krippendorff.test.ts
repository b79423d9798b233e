import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCases } from '@/lib/oracle-cases.test-support';
import { check } from '../arbitraries.test-support';
import { addUnit, alphaOf, krippendorffsAlpha, type Metric, triangleLength } from './krippendorff';

/** Units from one line an annotator, with a value or "." a column. */
function unitsOf(...annotators: string[]): number[][] {
  const rows = annotators.map((row) => row.split(' '));
  return rows[0]!.map((_, unit) => rows.flatMap((row) => (row[unit] === '.' ? [] : [Number(row[unit])])));
}
const fromTest = unitsOf(
  '1 2 3 3 2 1 4 1 2 . . .',
  '1 2 3 3 2 2 4 1 2 5 . 3',
  '. 3 3 3 2 3 4 2 2 5 1 .',
  '1 2 3 3 2 4 4 1 2 5 1 .',
);
const encyclopedia = unitsOf(
  '. . . . . 3 4 1 2 1 1 3 3 . 3',
  '1 . 2 1 3 3 4 3 . . . . . . .',
  '. . 2 1 3 4 4 . 2 1 1 3 3 . 4',
);

describe("Krippendorff's alpha", () => {
  it.each<[string, number[][], Metric, number, number]>([
    ["krippendorff's test", fromTest, 'nominal', 0.743, 3],
    ["krippendorff's test", fromTest, 'ordinal', 0.815, 3],
    ["krippendorff's test", fromTest, 'ratio', 0.797, 3],
    ['the encyclopedia', encyclopedia, 'nominal', 0.691358, 6],
    ['the encyclopedia', encyclopedia, 'interval', 0.810845, 6],
  ])('of the data of %s', (_, units, metric, expected, digits) => {
    expect(krippendorffsAlpha(units, metric).value).toBeCloseTo(expected, digits);
  });

  it('is what an independent program says of data with ties and gaps', () => {
    type Case = { tiers: number; units: (number | null)[][]; alpha: Record<Metric, number> };
    const cases = readCases<Case>('alpha.jsonl');
    expect(cases.length).toBe(5);
    for (const { units, alpha } of cases) {
      expect(units.flat().includes(null)).toBe(true);
      // Counted from 1, since there the ratio of two tiers is defined.
      const values = units.map((unit) => unit.flatMap((tier) => (tier === null ? [] : [tier + 1])));
      for (const [metric, expected] of Object.entries(alpha)) {
        expect(krippendorffsAlpha(values, metric as Metric).value).toBeCloseTo(expected, 10);
      }
    }
  });

  it('is undefined, with a reason, where nothing was judged twice and where one tier was used', () => {
    expect(krippendorffsAlpha([[1], [2]], 'ordinal')).toEqual({
      value: null,
      reason: { key: 'trainer.nothingJudgedTwice' },
    });
    expect(krippendorffsAlpha([[1, 1], [1, 1, 1], [2]], 'nominal')).toEqual({
      value: null,
      reason: { key: 'trainer.onlyOneTierUsed' },
    });
  });

  it('of units apart is that of their sums', () => {
    const unit = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 });
    check(
      fc.property(fc.array(unit, { maxLength: 12 }), (units) => {
        const sums = new Float64Array(triangleLength(4));
        for (const one of units) {
          const part = new Float64Array(triangleLength(4));
          addUnit(
            part,
            [0, 1, 2, 3].map((value) => one.filter((given) => given === value).length),
          );
          for (let i = 0; i < part.length; i++) sums[i]! += part[i]!;
        }
        for (const metric of ['nominal', 'ordinal', 'interval'] as const) {
          const [apart, together] = [alphaOf(sums, [0, 1, 2, 3], metric), krippendorffsAlpha(units, metric)];
          if (together.value === null) expect(apart).toEqual(together);
          else expect(apart.value).toBeCloseTo(together.value, 12);
        }
      }),
    );
  });
});
