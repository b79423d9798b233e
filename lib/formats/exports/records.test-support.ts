/** Records with what exports have to get right, and arbitrary ones. */
import * as fc from 'fast-check';
import type { ChatMessage, SnapshotRecord } from '@/trainer/contract/record';
import type { SnapshotHeader } from '../../schemas/snapshot';

/** Texts that files of some kind trip over: ends of lines of every kind, quotes, formulas, emojis, much of everything. */
export const awkwardTexts = [
  'plain',
  'two\nlines',
  'carriage\r\nreturn\rs',
  'U+2028\u2028 and U+2029\u2029 and U+0085\u0085',
  'quote " and \\ and \'',
  'tab\tcomma,semicolon;',
  '=1+1',
  '@SUM(A1)',
  '-2+3',
  '+44',
  'emoji 👩‍👩‍👧 flag 🇯🇵 👍🏽',
  'e\u0301 combining, \u202eright to left\u202c',
  'يمين إلى يسار',
  '\ufeffmark',
  '\u0001\u0008\u001f control',
  '</script><b>|`#--- ---\n---\n',
  '{"json": [1, null]}',
  'long '.repeat(20_000),
] as const;

const awkward = fc.oneof(
  fc.constantFrom(...awkwardTexts),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
);

/** A weak order over 2 to 5 responses, its pairs, and maybe responses that nobody judged; turns that may not alternate. */
export const arbitraryRecord: fc.Arbitrary<SnapshotRecord> = fc
  .record({
    id: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }),
    turns: fc.array(
      fc.record({
        role: fc.constantFrom('system', 'user', 'assistant'),
        content: awkward,
      }) as fc.Arbitrary<ChatMessage>,
      { maxLength: 4 },
    ),
    question: awkward,
    documents: fc.array(fc.record({ title: awkward, text: awkward }), { maxLength: 2 }),
    texts: fc.array(awkward, { minLength: 2, maxLength: 5 }),
    tiers: fc.array(fc.option(fc.nat(3), { nil: undefined }), { minLength: 5, maxLength: 5 }),
    label: fc.option(awkward, { nil: undefined }),
  })
  .map(({ id, turns, question, documents, texts, tiers, label }) => {
    const responses = texts.map((text, i) => ({
      id: `r${i}`,
      text: `${i} ${text}`,
      source: i === 0 ? 'human' : `model-${i}`,
      ...(tiers[i] === undefined ? {} : { tier: tiers[i] }),
    }));
    const pairs = responses.flatMap((chosen) =>
      responses
        .filter(({ tier }) => chosen.tier !== undefined && tier !== undefined && chosen.tier < tier)
        .map((rejected) => ({
          chosen: chosen.id,
          rejected: rejected.id,
          margin: rejected.tier! - chosen.tier!,
          support: ['annotator-1'],
          against: [],
        })),
    );
    return {
      id,
      prompt: [...turns, { role: 'user' as const, content: question }],
      ...(documents.length > 0 ? { documents } : {}),
      responses,
      ...(label === undefined ? {} : { reference_label: label }),
      pairs,
    };
  });

export const testHeader: SnapshotHeader = {
  schema_version: 1,
  hash: 'a'.repeat(64),
  name: 'First | snapshot',
  tiers: ['Good', 'Fair', 'Bad'],
  strategy: 'annotations',
  filters: { annotated_only: true, consensus: { quorum: 1, max_against: 0 } },
  counts: { prompts: 2, responses: 6, pairs: 5, annotations: 3, dropped_pairs: 1 },
  dropped: [
    {
      prompt: 'a',
      better: 'x',
      worse: 'w',
      reason: 'contradicted',
      support: ['annotator-1'],
      against: ['annotator-2'],
    },
  ],
  created_at: '2026-01-02T03:04:05.000Z',
};

/** x over y over z, and w tied with y; then a prompt of one turn with a tie alone. */
export const threeTiers: SnapshotRecord = {
  id: 'a',
  prompt: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Where?' },
    { role: 'assistant', content: 'Where is what?' },
    { role: 'user', content: 'The boat.' },
  ],
  responses: [
    { id: 'x', text: 'In the harbour.', source: 'human', tier: 0 },
    { id: 'y', text: 'At sea.', source: 'm1', tier: 1 },
    { id: 'z', text: '=HERE()', source: 'm2', tier: 2 },
    { id: 'w', text: 'On land.', source: 'm3', tier: 1 },
    { id: 'v', text: 'Not judged.', source: 'm4' },
  ],
  reference_label: 'harbour',
  pairs: [
    { chosen: 'x', rejected: 'y', margin: 1, support: ['annotator-1', 'annotator-2'], against: [] },
    { chosen: 'x', rejected: 'z', margin: 2, support: ['annotator-1'], against: ['annotator-3'] },
    { chosen: 'x', rejected: 'w', margin: 1, support: ['annotator-1'], against: [] },
    { chosen: 'y', rejected: 'z', margin: 1, support: ['annotator-1'], against: [] },
    { chosen: 'w', rejected: 'z', margin: 1, support: ['annotator-1'], against: [] },
  ],
  target: 'x',
};

export const tied: SnapshotRecord = {
  id: 'b',
  prompt: [{ role: 'user', content: 'Who?' }],
  responses: [
    { id: 'p', text: 'Ada.', source: 'human', tier: 1 },
    { id: 'q', text: 'Bea.', source: 'm1', tier: 1 },
  ],
  pairs: [],
  target: null,
};
