import * as z from 'zod';
import { type ChatMessage, chatMessageSchema, type SnapshotRecord } from '@/trainer/contract/record';
import { kindOfRow, titleOfKind } from '@/trainer/data/file-kind';
import { representativeIds } from '@/trainer/data/response-text';
import type { SnapshotWriter } from './format';

/** A row of TRL's conversational preference format; `margin` is read by its reward trainer, others ignore it. */
export const trlPreferenceSchema = z.object({
  prompt: z.array(chatMessageSchema).min(1),
  chosen: z.array(chatMessageSchema).length(1),
  rejected: z.array(chatMessageSchema).length(1),
  margin: z.number(),
});
export type TrlPreference = z.infer<typeof trlPreferenceSchema>;

/**
 * One row per pair. TRL has no documents, so they are put before the question as this project's trainer renders them.
 */
export function trlPreferences(record: SnapshotRecord): TrlPreference[] {
  const texts = new Map(record.responses.map(({ id, text }) => [id, text]));
  const first = representativeIds(record.responses);
  const answer = (id: string): ChatMessage[] => [{ role: 'assistant', content: texts.get(id)! }];
  const prompt = withDocuments(record);
  // Snapshots from before equal texts were tied may contain pairs of them.
  const pairs = record.pairs.filter(({ chosen, rejected }) => first.get(chosen) !== first.get(rejected));
  return pairs.map(({ chosen, rejected, margin }) => ({
    prompt,
    chosen: answer(chosen),
    rejected: answer(rejected),
    margin,
  }));
}

function withDocuments({ prompt, documents = [] }: SnapshotRecord): ChatMessage[] {
  if (documents.length === 0) return prompt;
  const listed = documents.map(({ title, text }, i) => `Document [${i + 1}] (Title: ${title}) ${text}`);
  const question = prompt.findLastIndex(({ role }) => role === 'user');
  if (question === -1) return [{ role: 'user', content: listed.join('\n\n') }, ...prompt];
  return prompt.map((message, i) =>
    i === question ? { ...message, content: [...listed, message.content].join('\n\n') } : message,
  );
}

const KIND = 'TRL preference';

/** TRL preference rows, one per pair. */
export const trlPreference: SnapshotWriter = {
  id: 'pairs',
  title: titleOfKind(KIND),
  holds: 'snapshot',
  sniff: ({ row }) => kindOfRow(row)?.id === KIND,
  mediaType: 'application/x-ndjson; charset=utf-8',
  fileName: (name) => `${name}-pairs.jsonl`,
  write: {
    record: (line) => trlPreferences(JSON.parse(line) as SnapshotRecord).map((row) => JSON.stringify(row)),
  },
};
