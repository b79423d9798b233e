import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assignmentOrders, DEFAULT_ASSIGNMENT } from '@/lib/schemas/assignment-rules';
import { fieldsOf, readFields } from './assignment-fields';

const blank = fieldsOf(DEFAULT_ASSIGNMENT);

it('a new project’s fields are empty where nothing is limited', () => {
  expect(blank).toEqual({
    overlap: '',
    overlapSamplePercent: '0',
    overlapSample: '',
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
    assignmentOrder: fc.constantFrom(...assignmentOrders),
    leaseMinutes: fc.integer({ min: 5, max: 10_080 }),
    promptLimit: count(1_000_000),
  });
  fc.assert(
    fc.property(settings, (some) => {
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
});
