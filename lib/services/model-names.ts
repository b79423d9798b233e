import type { Database } from '@/lib/db/client';
import { lockModelNames, takenModelNames } from '@/lib/db/models';

/**
 * The name, or with a number behind it where another model has it already: what a model is called becomes the source of
 * the responses that it writes. Until the transaction ends, nobody else takes a name.
 */
export async function freeModelName(tx: Database, wanted: string): Promise<string> {
  await lockModelNames(tx);
  const taken = new Set((await takenModelNames(tx)).map(folded));
  let name = wanted;
  for (let n = 2; taken.has(folded(name)); n++) name = `${wanted} (${n})`;
  return name;
}

/** Names that only differ so are one to a reader. */
const folded = (name: string) => name.normalize('NFKC').toLowerCase().trim();
