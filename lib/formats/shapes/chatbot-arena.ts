import * as z from 'zod';
import { titleOfKind } from '@/trainer/data/file-kind';
import { naturalLanguage } from './natural-language';
import {
  comparedAnswers,
  maybe,
  nameSchema,
  numberSchema,
  type PromptPart,
  type RowJudgement,
  type Shape,
  type Turn,
  turnSchema,
} from './shape';

/** What both kinds of rows have. */
const common = { model_a: maybe(nameSchema), model_b: maybe(nameSchema), language: maybe(z.string()) };
type Common = z.infer<z.ZodObject<typeof common>>;

/** A list of turns' texts, in a table as JSON; a text that is no such list is one turn. */
const turnTexts = z.preprocess((value) => {
  if (typeof value !== 'string') return value;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list : [value];
  } catch {
    return [value];
  }
}, z.array(z.string()).min(1));

/** The battles with 55,000 rows: three columns of which one is 1. */
const flatSchema = z.object({
  ...common,
  id: maybe(nameSchema),
  external_id: maybe(nameSchema),
  prompt: turnTexts,
  response_a: turnTexts,
  response_b: turnTexts,
  winner_model_a: maybe(numberSchema),
  winner_model_b: maybe(numberSchema),
  winner_tie: maybe(numberSchema),
});

/** Those with 100,000 and 140,000: whole conversations. Two that are both bad are tied. */
const conversationsSchema = z.object({
  ...common,
  id: maybe(nameSchema),
  question_id: maybe(nameSchema),
  conversation_a: z.array(turnSchema).min(1),
  conversation_b: z.array(turnSchema).min(1),
  winner: maybe(z.string()),
  judge: maybe(nameSchema),
  judge_hash: maybe(nameSchema),
});

export const chatbotArena: Shape = {
  id: 'Chatbot Arena',
  title: titleOfKind('Chatbot Arena'),
  start: () => ({
    row: (value) => [
      Object.hasOwn(value as object, 'conversation_a')
        ? fromConversations(conversationsSchema.parse(value))
        : fromColumns(flatSchema.parse(value)),
    ],
  }),
};

function fromColumns(row: z.infer<typeof flatSchema>): PromptPart {
  const conversation = (answers: string[]) =>
    row.prompt.flatMap((question, i): Turn[] => [
      { role: 'user', content: question },
      ...(answers[i] === undefined ? [] : [{ role: 'assistant', content: answers[i] }]),
    ]);
  const winner = row.winner_model_a ? 'model_a' : row.winner_model_b ? 'model_b' : row.winner_tie ? 'tie' : undefined;
  const conversations = [conversation(row.response_a), conversation(row.response_b)];
  return battle(row.id ?? row.external_id, row, conversations, judged('Chatbot Arena', winner));
}

function fromConversations(row: z.infer<typeof conversationsSchema>): PromptPart {
  const conversations = [row.conversation_a, row.conversation_b];
  const annotator = row.judge ?? row.judge_hash ?? 'Chatbot Arena';
  return battle(row.id ?? row.question_id, row, conversations, judged(annotator, row.winner));
}

function battle(
  id: string | undefined,
  { model_a, model_b, language }: Common,
  conversations: Turn[][],
  judgements: RowJudgement[],
): PromptPart {
  const { prompt, texts } = comparedAnswers(undefined, conversations);
  const responses = texts.map((text, i) => ({ text, source: i === 0 ? model_a : model_b }));
  return { id, prompt, language: naturalLanguage(language), responses, judgements };
}

/** Such as "both_bad" and "tie (bothbad)". */
const BOTH_BAD = /both_?bad/;

function judged(annotator: string, winner: string | undefined): RowJudgement[] {
  if (winner === undefined) return [];
  const score = (model: string) => (winner === model ? 1 : 0);
  return [
    {
      annotator,
      scores: [
        [0, score('model_a')],
        [1, score('model_b')],
      ],
      ...(BOTH_BAD.test(winner) && { allBad: true }),
    },
  ];
}
