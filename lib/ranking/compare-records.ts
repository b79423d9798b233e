import { canonicalJson } from '@/trainer/contract/canonical-json';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { ChangedPrompt, PairChanges } from '../schemas/snapshot-comparison';
import { excerptOf } from './excerpt';

const SHOWN_TURNS = 5;

/** What has become of a prompt; null: it was not there. Margins, tiers and ledgers may differ in what is the same. */
export function compareRecords(
  before: SnapshotRecord | null,
  after: SnapshotRecord | null,
): Omit<ChangedPrompt, 'change'> & { change: ChangedPrompt['change'] | 'same' } {
  const shown = (after ?? before)!;
  const earlier = new Set((before?.pairs ?? []).map(({ chosen, rejected }) => pairKey(chosen, rejected)));
  const pairs: PairChanges = { came: 0, went: 0, turned: 0, kept: 0 };
  const turned: ChangedPrompt['turned'] = [];
  for (const { chosen, rejected } of after?.pairs ?? []) {
    if (earlier.delete(pairKey(chosen, rejected))) pairs.kept++;
    else if (earlier.delete(pairKey(rejected, chosen))) {
      pairs.turned++;
      if (turned.length < SHOWN_TURNS) turned.push({ chosen, rejected });
    } else pairs.came++;
  }
  pairs.went = earlier.size;
  const both = before !== null && after !== null;
  const texts = both && textsOf(before) !== textsOf(after);
  const [from, to] = [before?.split ?? 'train', after?.split ?? 'train'];
  const moved: ChangedPrompt['moved'] = both && from !== to ? [from, to] : null;
  const differs = texts || moved !== null || pairs.came + pairs.went + pairs.turned > 0;
  const change = !before ? 'came' : !after ? 'went' : differs ? 'changed' : 'same';
  return { id: shown.id, change, excerpt: excerptOf(shown.prompt), pairs, turned, texts, moved };
}

const pairKey = (chosen: string, rejected: string): string => JSON.stringify([chosen, rejected]);

/** All that people wrote of a record, and nothing that was judged. */
const textsOf = ({ prompt, documents = [], responses, reference_label }: SnapshotRecord): string =>
  canonicalJson([
    prompt,
    documents,
    responses.map(({ id, text, source, label }) => [id, text, source, label ?? null]),
    reference_label ?? null,
  ]);
