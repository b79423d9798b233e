/** What the columns of a file seem to hold, by their names and values: a proposal that somebody looks at. */
import { type ColumnDraft, columnLimits, type FileColumn } from '../schemas/column-mapping';
import { importLimits } from '../schemas/prompt-import';
import { columnWords, distinctParts } from './shapes/column-words';

type Role = 'score' | 'source' | 'label' | 'response';

/** The words of a role; what belongs to a response is looked for before responses themselves. */
const words: Readonly<Record<Exclude<keyof ColumnDraft, 'responses' | 'lowerIsBetter'> | Role, readonly string[]>> = {
  system: ['system'],
  winner: ['winner', 'preferred', 'preference', 'best', 'better', 'choice'],
  annotator: ['annotator', 'annotators', 'rater', 'judge', 'worker', 'labeler', 'labeller', 'reviewer', 'evaluator'],
  language: ['language', 'lang', 'locale'],
  priority: ['priority'],
  referenceLabel: ['gold', 'reference'],
  score: [
    'score',
    'scores',
    'rating',
    'ratings',
    'rank',
    'ranking',
    'reward',
    'quality',
    'helpfulness',
    'stars',
    'grade',
  ],
  source: ['model', 'models', 'source', 'author', 'generator', 'system'],
  label: ['label', 'labels', 'class', 'category', 'verdict'],
  response: [
    ...['response', 'responses', 'answer', 'answers', 'completion', 'completions', 'output', 'outputs', 'candidate'],
    ...[
      'candidates',
      'draft',
      'drafts',
      'reply',
      'replies',
      'generation',
      'generations',
      'generated',
      'summary',
      'summaries',
    ],
    ...['translation', 'translations', 'chosen', 'rejected', 'hypothesis', 'explanation', 'explanations', 'target'],
  ],
  prompt: [
    'prompt',
    'question',
    'instruction',
    'query',
    'problem',
    'messages',
    'conversation',
    'input',
    'request',
    'user',
  ],
  documents: [
    'document',
    'documents',
    'context',
    'contexts',
    'passage',
    'passages',
    'article',
    'evidence',
    'background',
  ],
  id: ['id', 'uuid', 'uid', 'key', 'index', 'idx', 'no', 'number'],
};

const RANKS = ['rank', 'ranking'];

export function guessColumns(columns: readonly FileColumn[]): ColumnDraft {
  const left = columns.map(({ name, samples }) => ({ name, samples, words: columnWords(name) }));
  const take = (fits: (column: (typeof left)[number]) => boolean, most = 1) => {
    const taken = left.filter(fits).slice(0, most);
    for (const one of taken) left.splice(left.indexOf(one), 1);
    return taken.map(({ name }) => name);
  };
  const has = (role: keyof typeof words) => (column: (typeof left)[number]) =>
    column.words.some((word) => words[role].includes(word));
  const named = (role: keyof typeof words) => (column: (typeof left)[number]) =>
    words[role].includes(column.words.join(' '));
  /** Ids of something else, such as worker_id, say no more than which of them it is. */
  const isId = (column: (typeof left)[number]) => column.words.at(-1) === 'id' || named('id')(column);
  const isNumeric = ({ samples }: (typeof left)[number]) =>
    samples.length > 0 &&
    samples.every((value) => value.startsWith('[') || Number.isFinite(Number(value)) || isTruth(value));
  const isText = (column: (typeof left)[number]) => column.samples.some((value) => !Number.isFinite(Number(value)));
  const ends = (role: keyof typeof words) => (column: (typeof left)[number]) =>
    words[role].includes(column.words.at(-1) ?? '') || named(role)(column);

  const [system] = take((column) => has('system')(column) && (ends('prompt')(column) || ends('system')(column)));
  const [annotator] = take(has('annotator'));
  const [winner] = take((column) => has('winner')(column) && !has('score')(column));
  const [language] = take(named('language'));
  const [priority] = take((column) => named('priority')(column) && isNumeric(column));
  const [referenceLabel] = take((column) => has('referenceLabel')(column) && has('label')(column));
  const scores = take((column) => has('score')(column) && isNumeric(column), columnLimits.columns);
  const [promptId] = take((column) => isId(column) && (named('id')(column) || has('prompt')(column)));
  const [id] = promptId === undefined ? take(isId) : [promptId];
  const responses = take(
    (column) => has('response')(column) && !has('source')(column) && !has('label')(column) && isText(column),
    importLimits.maxResponses,
  );
  const written =
    responses.length > 0
      ? responses
      : take((column) => has('response')(column) && isText(column), importLimits.maxResponses);
  const sources = take((column) => has('source')(column) && isText(column), columnLimits.columns);
  const labels = take(has('label'), columnLimits.columns);
  const [promptByName] = take(named('prompt'));
  const [prompt] =
    promptByName === undefined ? take((column) => has('prompt')(column) && isText(column)) : [promptByName];
  const documents = take(has('documents'), columnLimits.documents);
  const [anyText] = prompt === undefined ? take(isText) : [prompt];

  const of = matching(written);
  const single = written.length === 1;
  const ofResponse = (list: readonly string[], i: number) => (single || list.length === 1 ? list[0] : of(list, i));
  const label = single || labels.length > 1 ? labels : [];
  return {
    ...defined({ prompt: anyText, system, id, language, priority, annotator }),
    ...defined({ winner: single ? undefined : winner }),
    ...defined({ referenceLabel: referenceLabel ?? (label.length === 0 ? labels[0] : undefined) }),
    ...(documents.length > 0 && { documents }),
    responses: written.map((column, i) => ({
      column,
      ...defined({ source: ofResponse(sources, i), label: of(label, i) ?? (single ? label[0] : undefined) }),
      ...defined({ score: single ? scores[0] : of(scores, i) }),
    })),
    ...(scores.some((name) => columnWords(name).some((word) => RANKS.includes(word))) && { lowerIsBetter: true }),
  };
}

const isTruth = (value: string) => /^(?:true|false)$/i.test(value);

/** Which of some columns belongs to a response: the one that is told from the others by the same word. */
function matching(responses: readonly string[]) {
  const parts = distinctParts(responses);
  return (list: readonly string[], index: number): string | undefined => {
    const part = parts[index];
    if (!part) return undefined;
    const own = list.filter((name) => part.split(' ').every((word) => columnWords(name).includes(word)));
    return own.length === 1 ? own[0] : undefined;
  };
}

const defined = <T extends Record<string, string | undefined>>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: string };
