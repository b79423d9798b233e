import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inEnglish } from '../contract/english';
import { scanJson } from './json-scan';

const fault = (text: string) => {
  const told = scanJson(text).fault;
  return told && inEnglish(told);
};
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('scanning JSON', () => {
  it('takes what JSON.parse takes, and nothing else', () => {
    const values = fc.json({ maxDepth: 4 });
    fc.assert(fc.property(values, (text) => fault(text) === undefined));
    // One character more, less or other: mostly no JSON any more, and sometimes it is.
    const spoilt = fc
      .tuple(
        values,
        fc.nat(),
        fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', '.', 'e', ' ', '\n'),
      )
      .map(([text, at, character]) => {
        const i = at % (text.length + 1);
        return text.slice(0, i) + character + text.slice(i + (at % 2));
      });
    fc.assert(
      fc.property(spoilt, (text) => (fault(text) === undefined) === isJson(text)),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['', 'it ends too early'],
    ['{"a": 1', 'it ends too early'],
    ['{"a": "b', 'it ends too early'],
    ['{"a": NaN}', 'unexpected “NaN” at column 7'],
    ['{"a": 1,}', 'unexpected “}” at column 9'],
    ["{'a': 1}", "unexpected “'” at column 2"],
    ['{"a": 01}', 'unexpected “1” at column 8'],
    ['{"a": "b\tc"}', 'unexpected “U+0009” at column 9'],
    ['{"a": "\\x"}', 'unexpected “\\” at column 8'],
    ['\ufeff{}', 'unexpected “U+FEFF” at column 1'],
    ['{} {}', 'unexpected “{” at column 4'],
    ['{\n  "a": 1,\n  b: 2\n}', 'unexpected “b” in line 3 at column 3'],
  ])('%j: %s', (text, words) => expect(fault(text)).toBe(words));

  it('names keys that an object repeats, by where they stand', () => {
    expect(scanJson('{"a":1,"b":[{"c":1},{"c":1,"c":2}],"\\u0061":2,"a":3}').repeatedKeys).toEqual([
      { key: 'c', path: 'b[1].c', depth: 3 },
      { key: 'a', path: 'a', depth: 1 },
    ]);
    expect(scanJson('{"a":{"a":{"a":1}},"b":[1,2,"a"]}').repeatedKeys).toEqual([]);
  });

  it('tells where numbers stand that are the value of a name', () => {
    const text = '{"id": 12345678901234567890, "tier": 1, "list": [{"id":-1.50e3}], "label":[2]}';
    const { numbers } = scanJson(text, new Set(['id', 'label']));
    expect(numbers.map(([start, end]) => text.slice(start, end))).toEqual(['12345678901234567890', '-1.50e3']);
  });

  it('handles any depth and length, in linear time', () => {
    const deep = (n: number) => `${'{"a":1,"a":['.repeat(n)}${']}'.repeat(n)}`;
    const long = (n: number) => `{"a":"${'\\n\\u0041 x'.repeat(n)}"}`;
    for (const make of [deep, long]) {
      // The least of several rounds, in time of this process alone.
      const time = (n: number) => {
        const text = make(n);
        let least = Number.POSITIVE_INFINITY;
        for (let round = 0; round < 5; round++) {
          const before = process.cpuUsage();
          expect(scanJson(text).fault).toBeUndefined();
          least = Math.min(least, process.cpuUsage(before).user / 1000);
        }
        return least;
      };
      time(1000);
      const [once, eightTimes] = [time(20_000), time(160_000)];
      // Quadratic time would be 64 times as much.
      expect(eightTimes).toBeLessThan(32 * Math.max(once, 1));
    }
  });
});
