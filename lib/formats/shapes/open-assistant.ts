import * as z from 'zod';
import { titleOfKind } from '@/trainer/data/file-kind';
import { issue } from '../../schemas/issue';
import { naturalLanguage } from './natural-language';
import { maybe, nameSchema, numberSchema, type PromptPart, type Shape, type Turn } from './shape';

const messageSchema = z.object({
  message_id: nameSchema,
  parent_id: maybe(nameSchema),
  text: z.string(),
  role: z.enum(['prompter', 'assistant']),
  rank: maybe(z.union([numberSchema, z.literal('').transform(() => undefined)])),
  lang: maybe(z.string()),
  deleted: maybe(z.union([z.boolean(), z.stringbool()])),
});
type Message = z.infer<typeof messageSchema>;

/**
 * Trees of messages, one message a row in any order. The assistant's answers to one message are the responses to the
 * conversation up to it; a rank of 0 is the best.
 */
export const openAssistant: Shape = {
  id: 'OpenAssistant',
  title: titleOfKind('OpenAssistant'),
  start() {
    const messages = new Map<string, Message>();
    const answers = new Map<string, { line: number; answers: Message[] }>();
    return {
      row(value, line) {
        const message = messageSchema.parse(value);
        if (message.deleted) return [];
        messages.set(message.message_id, message);
        if (message.role === 'assistant' && message.parent_id !== undefined) {
          const siblings = answers.get(message.parent_id);
          if (siblings) siblings.answers.push(message);
          else answers.set(message.parent_id, { line, answers: [message] });
        }
        return [];
      },
      end: () =>
        [...answers].map(([parent, { line, answers: candidates }]) => {
          const prompt = conversation(messages, parent);
          if (typeof prompt === 'string') return { line, parts: [issue('parentMissing', { id: prompt })] };
          return { line, parts: [partOf(messages.get(parent)!, prompt, candidates)] };
        }),
    };
  },
};

function partOf({ message_id: id, lang }: Message, prompt: Turn[], candidates: readonly Message[]): PromptPart {
  const scores = candidates.flatMap(({ rank }, i) => (rank === undefined ? [] : [[i, -rank] as const]));
  return {
    id,
    prompt,
    language: naturalLanguage(lang),
    responses: candidates.map(({ text }) => ({ text, source: 'human' })),
    judgements: [{ annotator: 'OpenAssistant', scores }],
  };
}

/** The turns up to a message, or the id of the one that is missing. */
function conversation(messages: ReadonlyMap<string, Message>, leaf: string): Turn[] | string {
  const turns: Turn[] = [];
  const seen = new Set<string>();
  for (let id: string | undefined = leaf; id !== undefined; ) {
    const message = messages.get(id);
    if (!message || seen.has(id)) return id;
    seen.add(id);
    turns.unshift({ role: message.role === 'prompter' ? 'user' : 'assistant', content: message.text });
    id = message.parent_id;
  }
  return turns;
}
