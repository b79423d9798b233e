import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { comparableText, NEAR, signatureOf, similarityAt } from './near-texts';
import { LeakCheck } from './split-leaks';

const pause = async () => undefined;
const record = (id: string, split: SnapshotRecord['split'], content: string): SnapshotRecord =>
  ({ id, split, prompt: [{ role: 'user', content }], responses: [], pairs: [] }) as unknown as SnapshotRecord;
const check = async (records: SnapshotRecord[], nearLimit?: number) => {
  const leaks = new LeakCheck(nearLimit);
  for (const one of records) leaks.add(one);
  return leaks.report(pause);
};
const counts = ({ between }: Awaited<ReturnType<typeof check>>) =>
  Object.fromEntries(between.map(({ splits, equal, near }) => [splits.join(' '), [equal, near]]));

const words = (from: number, count: number) => Array.from({ length: count }, (_, i) => `word${from + i}`).join(' ');

describe('prompts in more than one split', () => {
  it('are equal whatever their case, white space and width', async () => {
    const found = await check([
      record('a', 'train', 'What is  the\ncapital of ＦＲＡＮＣＥ?'),
      record('b', 'test', 'what is the capital of France?'),
      record('c', 'validation', 'What is the capital of Spain?'),
      record('d', 'test', 'WHAT IS THE CAPITAL OF FRANCE?'),
    ]);
    expect(counts(found)).toEqual({ 'train validation': [0, 0], 'train test': [2, 0], 'validation test': [0, 0] });
    expect(found.examples[0]).toMatchObject({ similarity: 1, prompts: [{ id: 'a', split: 'train' }, { id: 'b' }] });
  });

  it('are near-equal where few words differ, whichever comes first, and not where many do', async () => {
    const long = words(0, 60);
    const records = [
      record('held', 'validation', long.replace('word30', 'other')),
      record('seen', 'train', long),
      record('half', 'test', `${words(0, 30)} ${words(500, 30)}`),
    ];
    for (const order of [records, [...records].reverse()]) {
      const found = await check(order);
      expect(counts(found)).toEqual({ 'train validation': [0, 1], 'train test': [0, 0], 'validation test': [0, 0] });
      expect(found.examples).toHaveLength(1);
      expect(found.examples[0]!.prompts.map(({ id }) => id)).toEqual(['seen', 'held']);
      expect(found.examples[0]!.similarity).toBeGreaterThanOrEqual(NEAR);
    }
  });

  it('are found among thousands that share a template, and the template alone is no leak', async () => {
    const filled = (at: number) =>
      `Premise: ${words(at * 40, 40)} Does it follow from the text above? Say why or why not.`;
    const records = Array.from({ length: 3000 }, (_, i) => record(`p${i}`, i % 5 === 0 ? 'test' : 'train', filled(i)));
    expect(counts(await check(records))['train test']).toEqual([0, 0]);
    records.push(record('copy', 'test', `${filled(1)} Please.`));
    expect(counts(await check(records))['train test']).toEqual([0, 1]);
  });

  it('after the limit are compared for equality alone, which is said', async () => {
    const records = [record('a', 'train', words(0, 40)), record('b', 'test', `${words(0, 40)} more`)];
    expect(await check(records)).toMatchObject({ comparedForNear: null, between: [{}, { near: 1 }, {}] });
    const cut = await check([...records, record('c', 'test', words(0, 40))], 1);
    expect(cut).toMatchObject({ comparedForNear: 1, between: [{}, { equal: 1, near: 0 }, {}] });
  });

  it('are compared with few of those that share a template, so that thousands take seconds', async () => {
    // Half of each is the same, which is too little to be near-equal and enough to share bands with thousands.
    const template = words(0, 40);
    const records = Array.from({ length: 24_000 }, (_, i) =>
      record(`p${i}`, i % 2 === 0 ? 'test' : 'train', `${template} ${words(1000 + i * 26, 26)}`),
    );
    const start = performance.now();
    await check(records);
    // A second or two; each with each would take minutes.
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('have ten examples of each kind, which stand in two splits, and pauses while they are looked for', async () => {
    const pairs = Array.from({ length: 15 }, (_, i) => {
      const text = words(i * 1000, 60);
      const near = words(500_000 + i * 1000, 60);
      return [
        record(`same${i}`, 'train', text),
        record(`again${i}`, 'train', text),
        record(`equal${i}`, 'test', text),
        record(`first${i}`, 'train', near),
        record(`near${i}`, 'test', near.replace(/word\d+$/, 'other')),
      ];
    });
    const leaks = new LeakCheck();
    for (const one of pairs.flat()) leaks.add(one);
    let pauses = 0;
    const { examples, between } = await leaks.report(async () => {
      pauses++;
    });
    expect(between[1]).toMatchObject({ equal: 15, near: 15 });
    expect(examples.map(({ similarity }) => similarity === 1)).toEqual(Array.from({ length: 20 }, (_, i) => i < 10));
    for (const { prompts } of examples) expect(prompts.map(({ split }) => split)).toEqual(['train', 'test']);
    expect(pauses).toBeGreaterThan(16);
    const near = await check(pairs.flat().filter(({ id }) => /^(?:first|near)/.test(id)));
    expect(near.examples).toHaveLength(10);
  });

  it('differ by their documents', async () => {
    const asked = (id: string, split: SnapshotRecord['split'], text: string) => ({
      ...record(id, split, 'Answer from the documents.'),
      documents: [{ title: 't', text }],
    });
    expect(counts(await check([asked('a', 'train', 'One text.'), asked('b', 'test', 'Another thing.')]))).toMatchObject(
      {
        'train test': [0, 0],
      },
    );
  });
});

describe('the estimate of similarity', () => {
  /** Exactly, over the same shingles; a text of fewer words is one shingle. */
  const jaccard = (a: string, b: string) => {
    const shingles = (text: string) => {
      const all = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
      return new Set(Array.from({ length: Math.max(1, all.length - 2) }, (_, i) => all.slice(i, i + 3).join(' ')));
    };
    const [first, second] = [shingles(a), shingles(b)];
    const shared = [...first].filter((one) => second.has(one)).length;
    return shared / (first.size + second.size - shared);
  };
  const estimate = (a: string, b: string) =>
    similarityAt(Uint32Array.from([...signatureOf(a)!, ...signatureOf(b)!]), 0, signatureOf(a)!.length);

  it('is near the Jaccard similarity of their shingles, and the same each time', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 40 });
    let [squares, runs] = [0, 0];
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [first, second] = [a.join(' '), b.join(' ')];
        const found = estimate(first, second);
        expect(estimate(first, second)).toBe(found);
        squares += (found - jaccard(first, second)) ** 2;
        runs++;
      }),
      { numRuns: 300 },
    );
    expect(Math.sqrt(squares / runs)).toBeLessThan(0.08);
  });

  it('reads the first 20,000 characters of a text', () => {
    const long = words(0, 4000);
    expect(long.length).toBeGreaterThan(30_000);
    expect(signatureOf(long)).toEqual(signatureOf(long.slice(0, 20_000)));
    expect(signatureOf(long)).not.toEqual(signatureOf(long.slice(0, 15_000)));
  });

  it('takes characters of scripts without spaces as words', () => {
    const text = '東京は日本の首都であり、世界でも有数の大都市です。人口はおよそ千四百万人です。';
    expect(estimate(comparableText(text), comparableText(text.replace('世界', '国際')))).toBeGreaterThan(0.5);
    expect(estimate(text, 'これはまったく別の文章で、似たところはありません。')).toBeLessThan(0.1);
    expect(signatureOf('…!?')).toBeNull();
  });
});
