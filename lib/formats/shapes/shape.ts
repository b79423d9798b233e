/** What files of other programs are made of, and how their rows become prompts. One file a shape; registry.ts lists them. */
import * as z from 'zod';
import { issuesIn } from '@/trainer/contract/issues';
import { type Message, message } from '@/trainer/contract/message';
import { titleOfKind } from '@/trainer/data/file-kind';
import { issue } from '../../schemas/issue';

/** A turn as a file has it; the import's own schema says which roles there are. */
export interface Turn {
  role: string;
  content: string;
}

/**
 * Somebody's judgement of responses to one prompt, by their place in the row: the higher the score, the better, and
 * equal ones are ties. Scores on a scale are `absolute`: those of several rows compare with one another.
 */
export interface RowJudgement {
  annotator: string;
  scores: readonly (readonly [response: number, score: number])[];
  absolute?: true;
  /** None of them is acceptable. */
  allBad?: true;
}

/** What one row says of one prompt. Rows with the same prompt become one. */
export interface PromptPart {
  id?: string | undefined;
  prompt: string | Turn[];
  documents?: { title: string; text: string }[] | undefined;
  responses: { text: string; source?: string | undefined; label?: string | undefined }[];
  referenceLabel?: string | undefined;
  /** A BCP 47 tag. */
  language?: string | undefined;
  priority?: number | undefined;
  judgements?: RowJudgement[];
  /** Rows with the same prompt stay prompts of their own, by their ids: each of their comparisons was made by itself. */
  apart?: true;
}

/** Why a row cannot become prompts. */
export class RowFault extends Error {
  constructor(readonly reason: Message) {
    super(reason.key);
  }
}

/** Takes the rows of one file. What can be said only once all rows are known is said at the end. */
export interface PartReader {
  row(value: unknown, line: number): PromptPart[];
  end?(): { line: number; parts: PromptPart[] | Message[] }[];
}

export interface Shape {
  /** The id of its rows in trainer/data/file-kind.ts. */
  readonly id: string;
  readonly title: Message;
  /** @throws RowFault; ZodError where a field is not as it should be */
  start(): PartReader;
}

/** A shape whose rows can be read one by one. */
export const rowShape = <Schema extends z.ZodType>(
  id: string,
  schema: Schema,
  partOf: (row: z.output<Schema>) => PromptPart,
): Shape => ({
  id,
  title: titleOfKind(id),
  start: () => ({ row: (value) => [partOf(schema.parse(value))] }),
});

export const reasonsOf = (error: unknown): Message[] => {
  if (error instanceof RowFault) return [error.reason];
  if (error instanceof z.ZodError) return issuesIn(error);
  throw error;
};

/** Null counts as absent, as everywhere in files. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** A name or an id, which some files write as a number. */
export const nameSchema = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string());

/** A number, which tables write as text. */
export const numberSchema = z.preprocess(
  (value) =>
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value,
  z.number(),
);

/** A text, or the parts of a message of which all are texts. */
const contentSchema = z.preprocess((value) => {
  if (!Array.isArray(value)) return value;
  const texts = value.map((part) => (part as { text?: unknown } | null)?.text);
  return texts.every((text) => typeof text === 'string') ? texts.join('\n\n') : value;
}, z.string());

const roles: Readonly<Record<string, string>> = {
  human: 'user',
  prompter: 'user',
  gpt: 'assistant',
  bot: 'assistant',
  chatbot: 'assistant',
  model: 'assistant',
};

/** `{role, content}`, or ShareGPT's `{from, value}`. */
export const turnSchema = z.preprocess(
  (value) => {
    if (typeof value !== 'object' || value === null || !('from' in value) || 'role' in value) return value;
    const { from, value: content } = value as { from: unknown; value?: unknown };
    return { role: from, content };
  },
  z
    .object({ role: z.string(), content: contentSchema })
    .transform(({ role, content }): Turn => ({ role: roles[role.toLowerCase()] ?? role, content })),
);

/** A text, one turn, or a list of turns. */
export const textOrTurns = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : value),
  z.union([z.string(), z.array(turnSchema).min(1)], { error: () => message('textOrMessages').key }),
);

type TextOrTurns = string | Turn[];

/**
 * The prompt and the answers of conversations that are compared. Each may begin with the prompt; they must differ in
 * their last turn alone, since only responses to the same prompt can be compared.
 */
export function comparedAnswers(
  prompt: TextOrTurns | undefined,
  conversations: readonly TextOrTurns[],
): { prompt: TextOrTurns; texts: string[] } {
  const parts = conversations.map(splitAnswer);
  const [first] = parts;
  if (!first) throw new RowFault(issue('promptNotGiven'));
  if (parts.some(({ before }) => !sameTurns(before, first.before))) throw new RowFault(issue('answersOfSeveralTurns'));
  const texts = parts.map(({ text }) => text);
  if (first.before.length === 0) {
    if (prompt === undefined) throw new RowFault(issue('promptNotGiven'));
    return { prompt, texts };
  }
  const given = prompt === undefined ? [] : typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  const holdsPrompt = given.every((turn) => first.before.some((other) => sameTurns([turn], [other])));
  return { prompt: holdsPrompt ? first.before : [...given, ...first.before], texts };
}

function splitAnswer(conversation: TextOrTurns): { before: Turn[]; text: string } {
  if (typeof conversation === 'string') return { before: [], text: conversation };
  const last = conversation.at(-1);
  if (last?.role !== 'assistant') throw new RowFault(issue('lastTurnNotAnswer'));
  return { before: conversation.slice(0, -1), text: last.content };
}

const sameTurns = (a: readonly Turn[], b: readonly Turn[]) =>
  a.length === b.length && a.every((turn, i) => turn.role === b[i]!.role && turn.content === b[i]!.content);

/** A dialogue written as "\n\nHuman: …\n\nAssistant: …". */
export function dialogueTurns(text: string): Turn[] {
  const parts = text.split(/(?:^|\n\n)(Human|Assistant): ?/);
  if (parts[0]!.trim() !== '' || parts.length < 3) throw new RowFault(issue('notDialogue'));
  const turns: Turn[] = [];
  for (let i = 1; i < parts.length; i += 2) {
    turns.push({ role: parts[i] === 'Human' ? 'user' : 'assistant', content: parts[i + 1]! });
  }
  return turns;
}

/** The judgement that the first response is better than the second. */
export const prefersFirst = (annotator: string): RowJudgement => ({
  annotator,
  scores: [
    [0, 1],
    [1, 0],
  ],
});
