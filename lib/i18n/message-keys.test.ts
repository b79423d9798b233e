/** Messages of the server, of pure code and of the trainer have a sentence for their key in every language. */
import { readFileSync } from 'node:fs';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import en from '@/messages/en.json';
import { inEnglish } from '@/trainer/contract/english';
import type { Message } from '@/trainer/contract/message';
import { sentences } from '@/trainer/contract/sentences';
import { LANGUAGE_CODES } from './locales';
import { sourcesIn } from './testing-sources';
import { translate } from './translate';

type Node = { type: string; [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';

/** Every call and `new` in a source, by the name of what is called. */
function callsIn(source: string): { name: string; args: Node[] }[] {
  const found: { name: string; args: Node[] }[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    if (value.type === 'CallExpression' || value.type === 'NewExpression') {
      const { callee } = value as unknown as { callee: Node };
      const name = callee.type === 'MemberExpression' ? (callee.property as Node).name : callee.name;
      found.push({ name: `${value.type === 'NewExpression' ? 'new ' : ''}${name}`, args: value.arguments as Node[] });
    }
    for (const [key, child] of Object.entries(value)) if (key !== 'parent') visit(child);
  };
  visit(parseAst(source, { lang: 'tsx' }).body);
  return found;
}

const helpers = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'notFound',
  'conflict',
  'gone',
  'tooLarge',
  'unprocessable',
];
const refusing = new Set([...helpers, 'refusalMessage', 'new Refusal', 'issue', 'issueKey', 'new BrowserError']);
/** For programs and programmers: nobody reads them in a page. */
const faults = new Set(['new BackendError', 'new CommandError', 'new SnapshotError', 'new LossCaseError']);

/** Mistakes of ours that no page gets to show. */
const asserted = ['useToast needs a ToastProvider above it.', 'useRemarksView needs a RemarksContext above it.'];

/** The texts in an expression, where it is or may come to a text. */
function textsOf(node: Node | undefined): string[] {
  if (!node) return [];
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  if (node.type === 'TemplateLiteral') {
    return [(node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…')];
  }
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].flatMap((part) => textsOf(part as Node));
  if (node.type === 'BinaryExpression') return [node.left, node.right].flatMap((part) => textsOf(part as Node));
  return [];
}

/** Refusals and failures made of a sentence where a key belongs. `knownErrors`: classes that are made of a key. */
function bareSentences(path: string, source: string, knownErrors: ReadonlySet<string>): string[] {
  const shown = path.startsWith('components/') || path.startsWith('app/');
  return callsIn(source)
    .filter(
      ({ name }) =>
        refusing.has(name) || (knownErrors.has(name) && !faults.has(name)) || (shown && name === 'new Error'),
    )
    .filter(({ args }) => !asserted.some((words) => textsOf(args[0]).includes(words)))
    .flatMap(({ args }) => args.slice(0, 2).flatMap(textsOf))
    .filter((text) => /\S\s+\S/.test(text))
    .map((text) => `${path}: ${text}`);
}

const server = sourcesIn(['lib', 'app', 'components'], '.ts', '.tsx');
const trainer = sourcesIn(['trainer'], '.ts').filter(
  (path) => !/trainer\/(cli|bench|fixtures|backends\/wasm\/assembly)\//.test(path),
);
const read = (path: string) => readFileSync(path, 'utf8');
const keyedErrors = new Set(
  trainer.flatMap((path) =>
    [...read(path).matchAll(/class (\w+) extends (?:TrainerError|HubError|RecordError)\b/g)].map(
      ([, name]) => `new ${name}`,
    ),
  ),
);

describe('a refusal or a failure is a key with values', () => {
  it('none is made of a sentence', () => {
    expect(keyedErrors.size).toBeGreaterThan(15);
    expect([...server, ...trainer].flatMap((path) => bareSentences(path, read(path), keyedErrors))).toEqual([]);
  });

  it.each([
    ["throw invalid('This is wrong.');", 'This is wrong.'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
    ['throw conflict(`There are ${count} tiers.`);', 'There are … tiers.'],
    ["throw new Refusal('gone', 'This is over.');", 'This is over.'],
    ["z.string().min(1, issueKey('needs a name'))", 'needs a name'],
    ["throw open ? notFound('Not open yet.') : gone();", 'Not open yet.'],
    ["throw invalid(open ? 'isOpen' : 'It is not open.');", 'It is not open.'],
    ["throw new WeightsError('the weights ' + name);", 'the weights '],
    ["throw new Error('Nothing could be loaded.');", 'Nothing could be loaded.'],
  ])('the control: %s is found', (source, sentence) => {
    const path = 'components/planted.ts';
    const found = bareSentences(path, source, new Set(['new WeightsError']));
    expect(found).toEqual([`${path}: ${sentence}`]);
  });
});

describe('the sentences of keys', () => {
  const namesIn = (message: string): string[] => {
    const names = new Set<string>();
    const visit = (parts: ReturnType<typeof parse>): void => {
      for (const part of parts) {
        if (part.type !== TYPE.literal && part.type !== TYPE.pound) names.add(part.value);
        if ('options' in part) for (const { value } of Object.values(part.options)) visit(value);
      }
    };
    visit(parse(message));
    return [...names].sort();
  };
  const keysOf = (node: Node | undefined): string[] | null => {
    if (node === undefined) return [];
    if (node.type !== 'ObjectExpression') return null;
    const properties = node.properties as Node[];
    if (properties.some(({ type }) => type !== 'Property')) return null;
    return properties.map(({ key }) => String((key as Node).name)).sort();
  };

  it('get the values that they name, and no others', () => {
    const wrong: string[] = [];
    let checked = 0;
    for (const path of server.filter((name) => !name.startsWith('components/'))) {
      for (const { name, args } of callsIn(read(path))) {
        const namespace = name === 'issue' ? 'issues' : 'refusals';
        if (namespace === 'refusals' && !helpers.includes(name) && name !== 'refusalMessage') continue;
        const values = keysOf(args[1]);
        for (const key of textsOf(args[0])) {
          const sentence = (en[namespace] as Record<string, string>)[key];
          if (sentence === undefined) wrong.push(`${path}: there is no ${namespace}.${key}`);
          else if (values !== null && values.join() !== namesIn(sentence).join()) {
            wrong.push(`${path}: ${key} takes ${namesIn(sentence)}, and gets ${values}`);
          }
          checked++;
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });

  it.each(['refusals', 'issues'] as const)('%s has none that nobody uses', (namespace) => {
    const sources = [...server, 'cli/serve.ts'].map(read);
    const unused = Object.keys(en[namespace]).filter(
      (key) => !sources.some((text) => text.includes(`'${key}'`) || text.includes(`.${key}`)),
    );
    expect(unused).toEqual([]);
  });

  it('of the trainer are all used, and the messages say the same in English', () => {
    const sources = [...trainer, ...server].filter((path) => path !== 'trainer/contract/sentences.ts').map(read);
    const unused = Object.keys(sentences).filter((key) => !sources.some((text) => text.includes(`'${key}'`)));
    expect(unused).toEqual([]);
    expect(Object.keys(en.trainer)).toEqual(Object.keys(sentences));
    for (const [key, sentence] of Object.entries(sentences)) {
      const names = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
      const given: Message = {
        key: `trainer.${key}`,
        values: Object.fromEntries(names.map((name) => [name, `<${name}>`])),
      };
      expect(translate('en', given)).toBe(inEnglish(given));
    }
  });
});

describe('what others wrote', () => {
  const known: Message = { key: 'refusals.modelInUse', values: { name: 'tiny (v2)', runs: 3 } };

  it('keeps to its own direction in a sentence from right to left', () => {
    expect(translate('ar', known)).toBe('لا يمكن إزالة «\u2068tiny (v2)\u2069»: بدأت منه 3 جولات.');
    expect(translate('en', known)).toBe('“tiny (v2)” cannot be removed: 3 runs started from it.');
  });

  it('and so does a text from right to left in English', () => {
    const arabic = { ...known, values: { name: 'صغير', runs: 1 } };
    expect(translate('en', arabic)).toBe('“\u2068صغير\u2069” cannot be removed: 1 run started from it.');
    expect(translate('ja', arabic)).toContain('「\u2068صغير\u2069」');
  });

  it('a reason within a reason is in the same language', () => {
    const inner = {
      key: 'trainer.notSupported',
      values: { features: { key: 'trainer.experts', values: { count: 8 } } },
    };
    const outer = {
      key: 'refusals.notTrainable',
      values: { reason: { key: 'trainer.inFile', values: { file: 'config.json', reason: inner } } },
    };
    expect(LANGUAGE_CODES.map((language) => translate(language, outer))).toEqual([
      'This is not a model that can be trained here. config.json: not supported: a mixture of 8 experts.',
      'هذا ليس نموذجًا يمكن تدريبه هنا. \u2068config.json\u2069: غير مدعوم: مزيج من 8 خبراء.',
      'ここで学習できるモデルではありません。config.json：対応していません：8 個の専門家の混合（MoE）。',
    ]);
  });
});
