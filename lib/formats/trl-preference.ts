import * as z from 'zod';
import { chatMessageSchema, type SnapshotRecord } from '@/trainer/contract/record';
import { kindOfRow, titleOfKind } from '@/trainer/data/file-kind';
import { answer, promptMessages, textPairs } from './exports/record-views';
import type { SnapshotWriter } from './format';

/** A row of TRL's conversational preference format; `margin` is read by its reward trainer, others ignore it. */
export const trlPreferenceSchema = z.object({
  prompt: z.array(chatMessageSchema).min(1),
  chosen: z.array(chatMessageSchema).length(1),
  rejected: z.array(chatMessageSchema).length(1),
  margin: z.number(),
});
export type TrlPreference = z.infer<typeof trlPreferenceSchema>;

/** One row per pair. */
export function trlPreferences(record: SnapshotRecord): TrlPreference[] {
  const prompt = promptMessages(record);
  return textPairs(record).map(({ chosen, rejected, margin }) => ({
    prompt,
    chosen: answer(chosen.text),
    rejected: answer(rejected.text),
    margin,
  }));
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
