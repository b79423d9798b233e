/** Thirteen kinds of prompts that people judge today, from one line to three thousand words. All content is invented. */
import { type BoardPrompt, words } from './board-project';

const code = (name: string, lines: number) =>
  [
    `Here is a small cache with a time limit, in TypeScript:`,
    '',
    '```ts',
    `export class ${name}<Key, Value> {`,
    '  private readonly entries = new Map<Key, { value: Value; until: number }>();',
    '',
    '  constructor(private readonly lifetimeMs: number, private readonly now: () => number = Date.now) {}',
    '',
    ...Array.from({ length: lines }, (_, i) =>
      i % 6 === 0
        ? `  /** Looks up entry ${i}; a value that is out of date counts as missing, and leaves the map when it is asked for. */`
        : i % 6 === 1
          ? `  get${i}(key: Key): Value | undefined {`
          : i % 6 === 2
            ? '    const entry = this.entries.get(key);'
            : i % 6 === 3
              ? '    if (entry && entry.until > this.now()) return entry.value;'
              : i % 6 === 4
                ? '    this.entries.delete(key);\n    return undefined;'
                : '  }\n',
    ),
    '}',
    '```',
    '',
    'Call `get` before `set`, and pass a clock of your own in tests.',
  ].join('\n');

const table = (rows: number, note: string) =>
  [
    `The ferries of the lake, ${note}:`,
    '',
    '| Line | From | To | First boat | Last boat | Every | Bicycles | Fare |',
    '|---|---|---|---|---|---|---|---|',
    ...Array.from(
      { length: rows },
      (_, i) =>
        `| ${i + 1} | Harbour ${String.fromCharCode(65 + (i % 9))} | Island landing ${i + 2} | 0${5 + (i % 4)}:15 | 2${i % 3}:45 | ${10 + (i % 5) * 5} min | ${i % 2 ? 'yes' : 'no'} | ${2 + (i % 3)}.40 |`,
    ),
    '',
    '- Boats do not run on **1 January**.',
    '- Children under six travel free.',
  ].join('\n');

const essay = (seed: number, count: number) =>
  [
    '# The old bridge',
    '',
    words(count / 3, seed),
    '',
    '## What it was built of',
    '',
    words(count / 3, seed + 1),
    '',
    '## Who crossed it',
    '',
    words(count / 3, seed + 2),
  ].join('\n');

const thinking = (seed: number, answer: string) =>
  `<think>\nThe question asks for a date. ${words(300, seed)}\nSo it must be the spring.\n</think>\n\n${answer}`;

const document = (n: number) => ({
  title: ['Town archive', 'Local paper', 'Builder’s diary', 'Minutes of the council', 'Travel guide', 'Letter'][n]!,
  text: `${words(120, 40 + n)}\n\nThe footbridge was reopened on ${n + 3} May 2016 after two years of work by the millers’ guild.`,
});

export const readingPrompts: BoardPrompt[] = [
  {
    id: 'short',
    prompt: 'Which number follows 4?',
    responses: ['Five.', 'It is five.', '5, since counting goes up by one.', 'Six.', 'No number does.'],
  },
  {
    id: 'code',
    prompt: 'Write a cache whose entries expire. Use TypeScript, and make it easy to test.',
    responses: [code('ExpiringCache', 48), code('TimedMap', 40), code('Cache', 56), 'Use a library for that.'],
  },
  {
    id: 'tables',
    prompt: 'List the ferries of the lake with times and fares as a table.',
    responses: [table(14, 'in summer'), table(9, 'all year'), table(18, 'with every landing')],
  },
  {
    id: 'essays',
    prompt: 'Write an essay on the old bridge, for readers who have never seen it.',
    responses: [essay(1, 3000), essay(11, 2600), essay(21, 3200), essay(31, 900)],
  },
  {
    id: 'thinking',
    prompt: 'When was the footbridge reopened?',
    responses: [
      thinking(5, 'It was reopened on **3 May 2016**.'),
      thinking(6, 'In 2016, as far as I know.'),
      `<reasoning>${words(90, 7)}</reasoning>It was never closed.`,
    ],
  },
  {
    id: 'twelve',
    prompt: 'Suggest a name for a boat that carries bicycles across the lake.',
    responses: Array.from(
      { length: 12 },
      (_, i) => `Name ${i + 1}: “${words(3, 60 + i).trim()}”. ${words(60, 80 + i)}`,
    ),
  },
  {
    id: 'chat',
    prompt: [
      { role: 'system', content: `You help passengers of the ferry company. ${words(120, 3)}` },
      { role: 'user', content: 'Do you take bicycles?' },
      { role: 'assistant', content: `Yes. ${words(90, 4)}` },
      { role: 'user', content: 'And tandems?' },
      { role: 'assistant', content: `Those too. ${words(90, 5)}` },
      { role: 'user', content: 'My tandem is three metres long. What does it cost, and where do I board?' },
    ],
    responses: [words(180, 8), words(160, 9), `It costs twice the fare. ${words(40, 10)}`],
  },
  {
    id: 'documents',
    prompt: 'When was the footbridge reopened, and by whom? Cite the documents.',
    documents: [0, 1, 2, 3, 4, 5].map(document),
    responses: [
      `It was reopened on 3 May 2016 [1]. ${words(120, 13)} The work took two years [2][4].`,
      `The archive says 3 May [1], the paper 4 May [2]. ${words(160, 14)}`,
      'Nobody knows.',
    ],
  },
  {
    id: 'formulas',
    prompt: 'Solve $x^2 - 5x + 6 = 0$ and explain each step.',
    responses: [
      `The roots of $x^2 - 5x + 6$ are found by the formula\n\n$$x = \\frac{5 \\pm \\sqrt{25 - 24}}{2}$$\n\nso $x = 2$ or $x = 3$. ${words(120, 15)}`,
      `Factor it: $(x-2)(x-3) = 0$. ${words(140, 16)}`,
    ],
  },
  {
    id: 'near-equal',
    prompt: 'Describe the river in a paragraph.',
    responses: [words(260, 17), words(260, 17).replaceAll('stone', 'wooden'), words(240, 18)],
  },
  {
    id: 'arabic',
    prompt: 'صف الجسر القديم في فقرتين.',
    responses: [
      'الجسر القديم من حجر، وكان الناس يعبرونه كل صباح إلى السوق. '.repeat(14),
      'بني الجسر قبل ثلاثة قرون، ولا يزال قائما إلى اليوم. '.repeat(16),
    ],
  },
  {
    id: 'japanese',
    prompt: '古い橋について二段落で説明してください。',
    responses: [
      '古い橋は石で造られ、毎朝市場へ向かう人々が渡りました。'.repeat(18),
      '橋は三百年前に建てられ、今も町の人々に使われています。'.repeat(16),
    ],
  },
  {
    id: 'instructions',
    prompt: `Follow these rules when you answer. ${words(700, 19)}\n\nNow answer: what time is the last boat?`,
    responses: [`At half past ten. ${words(90, 20)}`, `The last boat leaves at 22:45. ${words(150, 21)}`],
  },
];
