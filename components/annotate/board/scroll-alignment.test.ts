import { describe, expect, it } from 'vitest';
import { alignedScroll, areAligned, matchSections } from './scroll-alignment';

const sections = (...parts: [string, number][]) => parts.map(([text, top]) => ({ text, top }));

describe('sections that two texts have', () => {
  it('are found in order, whatever stands between them', () => {
    const from = sections(['Intro', 0], ['Costs', 100], ['Only here', 200], ['End', 300]);
    const to = sections(['Intro', 0], ['Something else', 50], ['costs ', 400], ['End', 900]);
    expect(matchSections(from, to)).toEqual([
      { from: 0, to: 0 },
      { from: 100, to: 400 },
      { from: 300, to: 900 },
    ]);
  });

  it('are none where nothing is the same, and empty ones do not count', () => {
    expect(matchSections(sections(['a', 0], ['', 10]), sections(['b', 0], ['', 10]))).toEqual([]);
    expect(areAligned(0, 4, 4)).toBe(false);
    expect(areAligned(2, 4, 5)).toBe(true);
    expect(areAligned(2, 40, 50)).toBe(false);
  });

  it('take time that grows with the text, not with its square', () => {
    const long = (name: string) =>
      sections(...Array.from({ length: 20_000 }, (_, i): [string, number] => [`${name} ${i}`, i]));
    expect(matchSections(long('left'), long('right'))).toEqual([]);
  });
});

describe('scrolling together', () => {
  const room = { from: 1000, to: 2000 };

  it('is in proportion without sections', () => {
    expect(alignedScroll(0, [], room)).toBe(0);
    expect(alignedScroll(500, [], room)).toBe(1000);
    expect(alignedScroll(1000, [], room)).toBe(2000);
    expect(alignedScroll(0, [], { from: 0, to: 2000 })).toBe(0);
  });

  it('meets at every section that both have', () => {
    const anchors = [
      { from: 0, to: 0 },
      { from: 100, to: 1500 },
      { from: 800, to: 1600 },
    ];
    expect(alignedScroll(100, anchors, room)).toBe(1500);
    expect(alignedScroll(450, anchors, room)).toBe(1550);
    expect(alignedScroll(800, anchors, room)).toBe(1600);
    expect(alignedScroll(900, anchors, room)).toBe(1800);
  });
});
