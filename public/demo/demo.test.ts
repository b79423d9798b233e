import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { promptDocumentSchema, snapshotResponseSchema } from '@/trainer/contract/record';

const LABELS = ['entailment', 'neutral', 'contradiction'];
const SOURCES = ['human', 'model-small', 'model-medium', 'model-large', 'model-templated'];

const lineSchema = z.strictObject({
  external_id: z.string().min(1),
  prompt: z.string().min(1),
  documents: z.array(promptDocumentSchema).optional(),
  reference_label: z.string(),
  // Strict, so that a tier or a quality key can never slip into what annotators are shown.
  responses: z.array(snapshotResponseSchema.omit({ tier: true }).extend({ label: z.string() }).strict()),
});
type Line = z.infer<typeof lineSchema>;

const readJsonl = (url: URL) =>
  readFileSync(url, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));

const readDemo = (name: string) =>
  readJsonl(new URL(name, import.meta.url)).map((line): Line => lineSchema.parse(line));

const nli = readDemo('premise-hypothesis.jsonl');
const documents = readDemo('documents.jsonl');

const words = (text: string) => text.trim().split(/\s+/).length;
const count = <T>(items: T[], key: (item: T) => string) => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};

/** Splits an NLI line into its sentences; throws where the line does not have the agreed form. */
function sentencesOf(line: Line) {
  const prompt = /^Premise: ([^\n]+)\nHypothesis: ([^\n]+)$/.exec(line.prompt);
  if (!prompt) throw new Error(`${line.external_id}: not a premise and a hypothesis`);
  const rationales = line.responses.map((response) => {
    const parts = /^([^#\n]+) #### (\w+)$/.exec(response.text);
    if (!parts) throw new Error(`${line.external_id}/${response.id}: not "rationale #### label"`);
    return { text: parts[1]!, label: parts[2]! };
  });
  return { premise: prompt[1]!, hypothesis: prompt[2]!, rationales };
}

/** What both sets promise: unique ids, 4-5 responses, known sources, no two responses alike, an order that tells nothing. */
function checkCommon(lines: Line[], prefix: string) {
  expect(lines.map((line) => line.external_id)).toEqual(
    lines.map((_, index) => `${prefix}-${String(index + 1).padStart(3, '0')}`),
  );
  expect(new Set(lines.map((line) => line.prompt)).size).toBe(lines.length);
  for (const line of lines) {
    const sources = line.responses.map((response) => response.source);
    expect(line.responses.map((response) => response.id).join(''), line.external_id).toMatch(/^abcde?$/);
    expect(new Set(sources).size, line.external_id).toBe(sources.length);
    expect(sources, line.external_id).toContain('human');
    for (const source of sources) expect(SOURCES).toContain(source);
    expect(new Set(line.responses.map((response) => normalise(response.text))).size).toBe(line.responses.length);
  }
  // Each source is sometimes right and sometimes wrong: guessing the source is no way to judge.
  const right = (line: Line, response: Line['responses'][number]) => response.label === line.reference_label;
  const judged = lines.flatMap((line) =>
    line.responses.map((r, at) => ({ source: r.source, at, right: right(line, r) })),
  );
  for (const source of SOURCES) {
    const own = judged.filter((item) => item.source === source);
    expect(own.some((item) => item.right) && own.some((item) => !item.right), source).toBe(true);
  }
  // Position says little: 0 = first; means of right and wrong responses differ by less than half a place.
  const mean = (items: { at: number }[]) => items.reduce((sum, item) => sum + item.at, 0) / items.length;
  const gap = mean(judged.filter((item) => item.right)) - mean(judged.filter((item) => !item.right));
  expect(Math.abs(gap)).toBeLessThan(0.5);
  // Nor does it tell the human: every one of the first four places has some, none has most.
  const human = judged.filter((item) => item.source === 'human');
  for (const place of [0, 1, 2, 3]) {
    const share = human.filter((item) => item.at === place).length / human.length;
    expect(share, `place ${place}`).toBeGreaterThan(0.05);
    expect(share, `place ${place}`).toBeLessThan(0.5);
  }
}

describe('premise-hypothesis.jsonl', () => {
  it('has 54 prompts, 18 of each label, and keeps what every demo set promises', () => {
    expect(count(nli, (line) => line.reference_label)).toEqual({ entailment: 18, neutral: 18, contradiction: 18 });
    checkCommon(nli, 'nli');
  });

  it('gives every response as one rationale and its label', () => {
    for (const line of nli) {
      const { rationales } = sentencesOf(line);
      line.responses.forEach((response, at) => {
        expect(rationales[at]!.label, `${line.external_id}/${response.id}`).toBe(response.label);
        expect(LABELS).toContain(response.label);
      });
      // With only right or only wrong labels the label strategy would have nothing to order.
      const right = line.responses.filter((response) => response.label === line.reference_label).length;
      expect(right, line.external_id).toBeGreaterThan(0);
      expect(right, line.external_id).toBeLessThan(line.responses.length);
    }
  });

  it('keeps sentences short and properly punctuated', () => {
    const within = (text: string, low: number, high: number, where: string) => {
      expect(words(text), `${where}: ${text}`).toBeGreaterThanOrEqual(low);
      expect(words(text), `${where}: ${text}`).toBeLessThanOrEqual(high);
      expect(text, where).toMatch(/^[A-Z].*[a-z]\.$/);
    };
    for (const line of nli) {
      const { premise, hypothesis, rationales } = sentencesOf(line);
      within(premise, 8, 22, line.external_id);
      within(hypothesis, 4, 14, line.external_id);
      for (const rationale of rationales) within(rationale.text, 6, 25, line.external_id);
    }
  });
});

describe('documents.jsonl', () => {
  it('has 14 questions and keeps what every demo set promises', () => {
    expect(documents).toHaveLength(14);
    checkCommon(documents, 'doc');
    for (const line of documents) {
      expect(line.reference_label).toBe('correct');
      for (const response of line.responses) expect(['correct', 'incorrect']).toContain(response.label);
    }
  });

  it('gives 3-4 titled documents of 35-70 words, and cites only documents that are there', () => {
    for (const line of documents) {
      const given = line.documents ?? [];
      expect([3, 4], line.external_id).toContain(given.length);
      expect(new Set(given.map((document) => document.title)).size).toBe(given.length);
      for (const document of given) {
        expect(words(document.text), `${line.external_id}: ${document.title}`).toBeGreaterThanOrEqual(35);
        expect(words(document.text), `${line.external_id}: ${document.title}`).toBeLessThanOrEqual(70);
      }
      const cited = line.responses.flatMap((response) =>
        [...response.text.matchAll(/\[(\d+)\]/g)].map((m) => Number(m[1])),
      );
      expect(cited.length, line.external_id).toBeGreaterThan(0);
      for (const number of cited) {
        expect(number, line.external_id).toBeGreaterThanOrEqual(1);
        expect(number, line.external_id).toBeLessThanOrEqual(given.length);
      }
    }
  });
});

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Every run of six words of the normalised text. */
function sixGrams(text: string): string[] {
  const list = normalise(text).split(' ');
  return list.slice(5).map((_, start) => list.slice(start, start + 6).join(' '));
}

const ESNLI = ['dev', 'test'].map((part) => new URL(`../../../shared/data/esnli/${part}.jsonl`, import.meta.url));
const present = ESNLI.every((url) => existsSync(fileURLToPath(url)));

describe.skipIf(!present)(
  `own words, against e-SNLI${present ? '' : ' (skipped: ../shared/data/esnli is absent)'}`,
  () => {
    type Item = { premise: string; hypothesis: string; human: string[]; model: Record<string, string> };

    it('shares no sentence, and next to no run of six words', () => {
      const items = ESNLI.flatMap((url) => readJsonl(url) as Item[]);
      const published = new Set<string>();
      const publishedGrams = new Set<string>();
      for (const item of items) {
        for (const text of [item.premise, item.hypothesis, ...item.human, ...Object.values(item.model)]) {
          published.add(normalise(text));
          for (const gram of sixGrams(text)) publishedGrams.add(gram);
        }
      }
      // The control: the comparison does find a published sentence in other case and punctuation.
      expect(published.has(normalise(`  ${items[0]!.premise.toUpperCase()} !`))).toBe(true);
      expect(sixGrams(items[0]!.premise).every((gram) => publishedGrams.has(gram))).toBe(true);

      const own = nli.flatMap((line) => {
        const { premise, hypothesis, rationales } = sentencesOf(line);
        return [premise, hypothesis, ...rationales.map((rationale) => rationale.text)];
      });
      expect(own.filter((text) => published.has(normalise(text)))).toEqual([]);
      const grams = own.flatMap(sixGrams);
      expect(grams.length).toBeGreaterThan(1000);
      expect(grams.filter((gram) => publishedGrams.has(gram)).length / grams.length).toBeLessThan(0.005);
    });
  },
);
