/**
 * What a page that opens without a server works through, as an earlier visit kept it: perhaps one of an earlier version
 * of the app, whose tasks had other fields. Checked without zod, which the board does not wait for.
 */
import type { Task, TaskPage } from '@/lib/schemas/annotation';

export type CachedQueue = { tasks: readonly Task[]; progress: TaskPage['progress'] };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isObjectOrNull = (value: unknown) => typeof value === 'object';
const isText = (value: unknown) => typeof value === 'string';
const isListOfObjects = (value: unknown) => Array.isArray(value) && value.every(isObject);

/** Every field of a task: one that is added to it later is missed in what was kept before. */
const taskFields: { [Field in keyof Task]-?: (value: unknown) => boolean } = {
  promptId: isText,
  externalId: isText,
  messages: isListOfObjects,
  documents: isListOfObjects,
  textVersion: (value) => typeof value === 'number',
  withdrawn: (value) => typeof value === 'boolean',
  responses: isListOfObjects,
  annotation: isObjectOrNull,
  flagged: (value) => typeof value === 'boolean',
  sentBack: isObjectOrNull,
  draft: isObjectOrNull,
};

function isTask(value: unknown): value is Task {
  return isObject(value) && Object.entries(taskFields).every(([field, isFitting]) => isFitting(value[field]));
}

/** The tasks of it that this version of the app can show; null when there is no queue in it. */
export function readCachedQueue(record: unknown): CachedQueue | null {
  if (!isObject(record) || !Array.isArray(record.tasks) || !isObject(record.progress)) return null;
  const { done, total } = record.progress;
  if (typeof done !== 'number' || typeof total !== 'number') return null;
  return { tasks: record.tasks.filter(isTask), progress: { done, total } };
}
