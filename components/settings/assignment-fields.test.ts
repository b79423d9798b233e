import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assignmentOrders, DEFAULT_ASSIGNMENT } from '@/lib/schemas/assignment-rules';
import { fieldsOf, readFields, withNumber } from './assignment-fields';

const blank = fieldsOf(DEFAULT_ASSIGNMENT);

it('a new project’s fields are empty where nothing is limited', () => {
  expect(blank).toEqual({
    overlap: '',
    overlapSamplePercent: '0',
    overlapSample: '',
    overlapMinimum: '',
    closingCertainty: '95',
    assignmentOrder: 'import',
    leaseMinutes: '60',
    promptLimit: '',
  });
  expect(readFields(blank)).toEqual({ settings: DEFAULT_ASSIGNMENT });
});

it('reads back whatever it shows', () => {
  const count = (max: number) => fc.option(fc.integer({ min: 1, max }));
  const settings = fc.record({
    overlap: count(50),
    overlapSample: count(50),
    overlapSamplePercent: fc.nat(100),
    overlapMinimum: count(50),
    closingCertainty: fc.integer({ min: 50, max: 100 }),
    assignmentOrder: fc.constantFrom(...assignmentOrders),
    leaseMinutes: fc.integer({ min: 5, max: 10_080 }),
    promptLimit: count(1_000_000),
  });
  fc.assert(
    fc.property(settings, (some) => {
      const { overlap, overlapMinimum } = some;
      fc.pre(overlapMinimum === null || (overlap !== null && overlapMinimum <= overlap));
      expect(readFields(fieldsOf(some))).toEqual({ settings: some });
    }),
  );
});

it('names the limits of each field that is wrong, and of no other', () => {
  expect(readFields({ ...blank, overlap: '0', leaseMinutes: '', promptLimit: 'many' })).toEqual({
    wrong: {
      overlap: { min: 1, max: 50, optional: true },
      leaseMinutes: { min: 5, max: 10_080, optional: false },
      promptLimit: { min: 1, max: 1_000_000, optional: true },
    },
  });
  expect(readFields({ ...blank, overlapSamplePercent: '2.5', overlapSample: '51' })).toMatchObject({
    wrong: { overlapSamplePercent: { max: 100 }, overlapSample: { max: 50 } },
  });
  expect(readFields({ ...blank, overlap: '3', overlapMinimum: '4', closingCertainty: '49' })).toMatchObject({
    wrong: { overlapMinimum: { min: 1, max: 3 }, closingCertainty: { min: 50, max: 100 } },
  });
});

it('closes nothing early where there is no number of annotators that would be the most', () => {
  expect(readFields({ ...blank, overlapMinimum: '2' })).toMatchObject({ settings: { overlapMinimum: null } });
});

it('turns to the least certain prompts when overlap adapts, and back, unless another order was chosen', () => {
  const fixed = { ...blank, overlap: '5' };
  const adaptive = withNumber(fixed, 'overlapMinimum', '2');
  expect(adaptive).toEqual({ ...fixed, overlapMinimum: '2', assignmentOrder: 'least_certain' });
  expect(withNumber(adaptive, 'overlapMinimum', '3').assignmentOrder).toBe('least_certain');
  expect(withNumber(adaptive, 'overlapMinimum', '')).toEqual(fixed);
  expect(withNumber(adaptive, 'overlap', '').assignmentOrder).toBe('import');
  const shuffled = { ...fixed, assignmentOrder: 'random' as const };
  expect(withNumber(shuffled, 'overlapMinimum', '2').assignmentOrder).toBe('random');
});
