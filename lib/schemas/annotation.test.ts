import { describe, expect, it } from 'vitest';
import { saveAnnotationRequestSchema } from './annotation';

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const request = {
  promptId: id(0),
  idempotencyKey: 'abcdefgh',
  baseVersion: 0,
  allBad: false,
  timeOnTaskMs: 10,
  placements: [
    { responseId: id(1), state: 'placed', tier: 0 },
    { responseId: id(2), state: 'not_judged', tier: null },
  ],
};
const place = (...placements: object[]) => ({ ...request, placements });

describe('a request to save an annotation', () => {
  it('is accepted as the board sends it', () => {
    expect(saveAnnotationRequestSchema.parse(request)).toEqual(request);
    const untouched = place({ responseId: id(1), state: 'not_judged', tier: null });
    expect(saveAnnotationRequestSchema.safeParse({ ...untouched, allBad: true }).success).toBe(true);
    expect(
      saveAnnotationRequestSchema.safeParse(place({ responseId: id(1), state: 'cannot_judge', tier: null })).success,
    ).toBe(true);
  });

  const bad: [string, object][] = [
    ['placed without a tier', place({ responseId: id(1), state: 'placed', tier: null })],
    ['a tier without being placed', place({ responseId: id(1), state: 'cannot_judge', tier: 1 })],
    ['a tier that is no whole number', place({ responseId: id(1), state: 'placed', tier: 0.5 })],
    ['a negative tier', place({ responseId: id(1), state: 'placed', tier: -1 })],
    ['a response twice', place(request.placements[0]!, request.placements[0]!)],
    ['nothing judged', place(request.placements[1]!)],
    ['no placements', place()],
    ['an unknown state', place({ responseId: id(1), state: 'maybe', tier: null })],
    ['a NUL in the key', { ...request, idempotencyKey: 'abcdefg\u0000' }],
    ['a short key', { ...request, idempotencyKey: 'a' }],
    ['a negative version', { ...request, baseVersion: -1 }],
    ['more than a day on task', { ...request, timeOnTaskMs: 86_400_001 }],
    ['an unknown field', { ...request, annotatorId: 'somebody else' }],
  ];
  for (const [name, value] of bad) {
    it(`is refused with ${name}`, () => {
      expect(saveAnnotationRequestSchema.safeParse(value).success).toBe(false);
    });
  }
});
