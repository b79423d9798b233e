/**
 * The snapshot record, one prompt a line of SNAPSHOT.jsonl: the trainer's own reading of it, so that it works without
 * the app. Stricter than the shape alone: ids are unique, pairs and target name responses that are there.
 */
import * as z from 'zod';

const messageSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
const documentSchema = z.object({ title: z.string(), text: z.string() });
const responseSchema = z.object({
  id: z.string().min(1),
  text: z.string(),
  /** 'human' or a model's name. */
  source: z.string().min(1),
  label: z.string().optional(),
  /** 0 = best; absent when nobody judged the response. */
  tier: z.int().min(0).optional(),
});
/** chosen is strictly better than rejected. The ledger fields are not used in training and may be missing. */
const pairSchema = z.object({
  chosen: z.string().min(1),
  rejected: z.string().min(1),
  margin: z.number().min(0).default(1),
  support: z.array(z.string()).default([]),
  against: z.array(z.string()).default([]),
});

export const snapshotRecordSchema = z
  .object({
    id: z.string().min(1),
    prompt: z.array(messageSchema).min(1),
    documents: z.array(documentSchema).optional(),
    responses: z.array(responseSchema).min(1),
    reference_label: z.string().optional(),
    pairs: z.array(pairSchema),
    /** The SFT target's response id; null: no response is acceptable; absent: derived from tiers or pairs. */
    target: z.string().nullable().optional(),
  })
  .superRefine((record, context) => {
    const problem = recordProblem(record);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;
export type SnapshotResponse = SnapshotRecord['responses'][number];
export type SnapshotPair = SnapshotRecord['pairs'][number];

function recordProblem(record: {
  responses: readonly { id: string }[];
  pairs: readonly { chosen: string; rejected: string }[];
  target?: string | null;
}): string | null {
  const ids = new Set<string>();
  for (const { id } of record.responses) {
    if (ids.has(id)) return `response "${id}" is listed twice`;
    ids.add(id);
  }
  const seen = new Set<string>();
  for (const { chosen, rejected } of record.pairs) {
    for (const id of [chosen, rejected]) if (!ids.has(id)) return `a pair names response "${id}", which is not there`;
    if (chosen === rejected) return `a pair sets response "${chosen}" against itself`;
    if (seen.has(JSON.stringify([rejected, chosen]))) {
      return `"${chosen}" and "${rejected}" are each said to be better than the other`;
    }
    seen.add(JSON.stringify([chosen, rejected]));
  }
  if (typeof record.target === 'string' && !ids.has(record.target)) {
    return `target is response "${record.target}", which is not there`;
  }
  return null;
}

/** A snapshot file that cannot be used; the message starts with file and line. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/**
 * Reads SNAPSHOT.jsonl; blank lines are skipped. `fileName` is for messages. Throws SnapshotError at the first bad
 * line, at a prompt id that occurs twice and for a file without records.
 */
export function parseSnapshot(text: string, fileName: string): SnapshotRecord[] {
  const records: SnapshotRecord[] = [];
  const lineOfId = new Map<string, number>();
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const at = `${fileName}:${index + 1}`;
    const record = parseLine(line, at);
    const earlier = lineOfId.get(record.id);
    if (earlier !== undefined) throw new SnapshotError(`${at}: prompt "${record.id}" was already on line ${earlier}`);
    lineOfId.set(record.id, index + 1);
    records.push(record);
  });
  if (records.length === 0) throw new SnapshotError(`${fileName}: there are no records in this file`);
  return records;
}

function parseLine(line: string, at: string): SnapshotRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new SnapshotError(`${at}: not JSON: ${(error as Error).message}`);
  }
  const result = snapshotRecordSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join('.');
  throw new SnapshotError(`${at}: ${path ? `${path}: ` : ''}${issue?.message}`);
}
