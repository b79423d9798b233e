import type { Database } from '@/lib/db/client';
import { lockModelNames, takenModelNames } from '@/lib/db/models';

/**
 * The name, with a number appended when another model has it. Names must be unique because a model's name becomes the
 * source of the responses that it writes. The names are locked until the transaction ends.
 */
export async function uniqueModelName(tx: Database, wanted: string): Promise<string> {
  await lockModelNames(tx);
  const taken = new Set((await takenModelNames(tx)).map(normalized));
  let name = wanted;
  for (let n = 2; taken.has(normalized(name)); n++) name = `${wanted} (${n})`;
  return name;
}

/** Names that are equal after this look the same to a reader. */
const normalized = (name: string) => name.normalize('NFKC').toLowerCase().trim();
