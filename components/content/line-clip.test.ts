import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineCut } from './line-clip';

const lines = (height: number, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ top: from + i * height, bottom: from + i * height + height - 4 }));

describe('lineCut', () => {
  it('ends between lines', () => {
    expect(lineCut(lines(20, 10), 110)).toBe(100);
    expect(lineCut(lines(20, 10), 117)).toBe(117);
    expect(lineCut(lines(20, 10), 116.5)).toBe(116.5);
  });

  it('ends above all that stands beside a halved line', () => {
    expect(lineCut([...lines(20, 10), { top: 97, bottom: 112 }], 110)).toBe(97);
    expect(lineCut([...lines(20, 10), { top: 76, bottom: 101 }], 110)).toBe(100);
    expect(lineCut([...lines(20, 10), { top: 76, bottom: 112 }], 110)).toBe(76);
  });

  it('takes all the room where nothing is halved, or where there is nothing', () => {
    expect(lineCut(lines(20, 3), 110)).toBe(110);
    expect(lineCut([], 110)).toBe(110);
  });

  it('cuts what is higher than half of the room', () => {
    expect(lineCut([...lines(20, 1), { top: 20, bottom: 300 }], 110)).toBe(110);
  });

  it('halves no line', () => {
    const line = fc
      .tuple(fc.nat(200), fc.integer({ min: 1, max: 40 }))
      .map(([top, height]) => ({ top, bottom: top + height }));
    fc.assert(
      fc.property(fc.array(line), (boxes) => {
        const cut = lineCut(boxes, 110);
        expect(cut).toBeLessThanOrEqual(110);
        const halved = boxes.filter(({ top, bottom }) => top < cut - 1 && bottom > cut + 1);
        if (cut < 110) expect(halved).toEqual([]);
      }),
    );
  });
});
