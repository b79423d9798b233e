import type { Database } from '@/lib/db/client';
import type { ProjectRow } from '@/lib/db/projects';
import { countPrompts } from '@/lib/db/prompts';
import { selectedAmong } from '@/lib/db/snapshot-selection';
import type { FrozenRecord } from '@/lib/db/snapshots';
import { recordLine } from '@/lib/formats/snapshot-records';
import { consensusRuleOf } from '@/lib/ranking/consensus';
import { withFoundLabels } from '@/lib/ranking/label-pattern';
import { snapshotRecord } from '@/lib/ranking/record';
import { selectPairs, splitOfPrompt } from '@/lib/ranking/selection';
import { ContentsTally } from '@/lib/ranking/snapshot-contents';
import { SourceBalance } from '@/lib/ranking/source-balance';
import type { DroppedPair, SnapshotHeader } from '@/lib/schemas/snapshot';
import type { PreviewSnapshotRequest } from '@/lib/schemas/snapshot-request';
import type { SelectionCounts, SnapshotSelection } from '@/lib/schemas/snapshot-selection';
import type { Strategy } from '@/lib/schemas/strategy';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { freezablePrompts, type Moment, takeMoment } from './freezable-prompts';
import { labelPatternOf } from './label-pattern';
import type { Job } from './project-job';
import { promptKey } from './prompt-key';
import { createYielder } from './yield-to-event-loop';

/** The header lists at most this many dropped pairs; it counts all of them. */
const MAX_LISTED_DROPS = 500;

export interface Tally {
  counts: SnapshotHeader['counts'];
  /** Prompts that a decision settles. */
  settled: number;
  dropped: NonNullable<SnapshotHeader['dropped']>;
  reasons: Record<string, number>;
  promptsLeftOut: number;
  pairsBelowMargin: number;
  pairsAboveCap: number;
  pairsUnbalanced: number;
  splits: { train: number; validation: number; test: number };
  contents: ContentsTally;
}

export const emptyTally = (): Tally => ({
  counts: { prompts: 0, responses: 0, pairs: 0, annotations: 0, dropped_pairs: 0 },
  settled: 0,
  dropped: [],
  reasons: {},
  promptsLeftOut: 0,
  pairsBelowMargin: 0,
  pairsAboveCap: 0,
  pairsUnbalanced: 0,
  splits: { train: 0, validation: 0, test: 0 },
  contents: new ContentsTally(),
});

export const selectionCounts = (tally: Tally, selection: SnapshotSelection | undefined): SelectionCounts => ({
  prompts_left_out: tally.promptsLeftOut,
  pairs_below_margin: tally.pairsBelowMargin,
  pairs_above_cap: tally.pairsAboveCap,
  ...(selection?.winsPerLoss === undefined ? {} : { pairs_unbalanced: tally.pairsUnbalanced }),
  splits: selection?.split ? tally.splits : null,
});

/** The records of a snapshot that is made now, page by page; `tally` grows with each. */
export async function* buildRecords(
  db: Database,
  project: ProjectRow,
  request: PreviewSnapshotRequest,
  tally: Tally,
  job: Job,
): AsyncGenerator<{ firstPosition: number; records: FrozenRecord[]; seen: number }> {
  const moment = await takeMoment(db, project.id);
  const prompts = await countPrompts(db, project.id);
  const { selection } = request;
  const balance =
    selection?.winsPerLoss === undefined ? null : new SourceBalance(selection.seed, selection.winsPerLoss);
  await job.setTotal(balance ? 2 * prompts : prompts);
  let before = 0;
  if (balance) {
    for await (const { built, seen } of selectedRecords(db, project, request, moment, emptyTally())) {
      for (const { record } of built) balance.count(record);
      before = seen;
      await job.step(seen, async () => undefined);
    }
    balance.settle();
  }
  const yieldIfDue = createYielder();
  const { counts } = tally;
  for await (const { built, seen } of selectedRecords(db, project, request, moment, tally)) {
    const firstPosition = counts.prompts;
    const records: FrozenRecord[] = [];
    for (const { record: whole, annotations, dropped } of built) {
      await yieldIfDue();
      const record = balance ? { ...whole, pairs: balance.select(whole) } : whole;
      tally.pairsUnbalanced += whole.pairs.length - record.pairs.length;
      records.push({ line: recordLine(record), promptKey: promptKey(record.id) });
      tally.contents.add(record);
      counts.prompts++;
      counts.responses += record.responses.length;
      counts.pairs += record.pairs.length;
      counts.annotations += annotations;
      counts.dropped_pairs += dropped.length;
      for (const drop of dropped) {
        tally.reasons[drop.reason] = (tally.reasons[drop.reason] ?? 0) + 1;
        if (tally.dropped.length < MAX_LISTED_DROPS) tally.dropped.push({ prompt: record.id, ...drop });
      }
    }
    yield { firstPosition, records, seen: before + seen };
  }
}

/** Labels decide nothing where only annotated prompts are taken, so none are looked for then. */
export const labelPatternIn = ({ labelPattern }: ProjectRow, strategy: Strategy): string | null =>
  strategy === 'annotations' ? null : labelPattern;

interface BuiltRecord {
  record: SnapshotRecord;
  annotations: number;
  dropped: DroppedPair[];
}

/** The records of the prompts and pairs that the request selects, before sources are balanced. */
async function* selectedRecords(
  db: Database,
  project: ProjectRow,
  { strategy, heldBack = [], selection }: PreviewSnapshotRequest,
  moment: Moment,
  tally: Tally,
): AsyncGenerator<{ built: BuiltRecord[]; seen: number }> {
  const skipped = new Set(heldBack);
  const options = { strategy, tierCount: project.tiers.length, rule: consensusRuleOf(project) };
  const pattern = labelPatternIn(project, strategy);
  const findLabel = pattern === null ? null : labelPatternOf(pattern);
  const yieldIfDue = createYielder();
  let seen = 0;
  for await (const page of freezablePrompts(db, project, moment)) {
    const built: BuiltRecord[] = [];
    const ids = page.prompts.map(({ promptId }) => promptId);
    const selected = selection ? await selectedAmong(db, ids, selection) : null;
    for (const { promptId, prompt, judgements, decision } of page.prompts) {
      await yieldIfDue();
      if (skipped.has(prompt.externalId)) continue;
      if (strategy === 'annotations' && judgements.length === 0) continue;
      if (selected && (!selected.has(promptId) || judgements.length < (selection?.leastAnnotators ?? 0))) {
        tally.promptsLeftOut++;
        continue;
      }
      const labelled = findLabel ? withFoundLabels(prompt, findLabel) : prompt;
      const { record, dropped } = snapshotRecord(labelled, judgements, { ...options, decision });
      if (decision) tally.settled++;
      built.push({
        record: selection ? selectIn(record, selection, tally) : record,
        annotations: judgements.length,
        dropped,
      });
    }
    seen += page.size;
    yield { built, seen };
  }
}

/** The record with the pairs that are selected, and the split that it belongs to. */
function selectIn(record: SnapshotRecord, selection: SnapshotSelection, tally: Tally): SnapshotRecord {
  const { pairs, belowMargin, aboveCap } = selectPairs(record.id, record.pairs, selection);
  tally.pairsBelowMargin += belowMargin;
  tally.pairsAboveCap += aboveCap;
  if (!selection.split) return { ...record, pairs };
  const split = splitOfPrompt(record.id, selection.seed, selection.split);
  tally.splits[split]++;
  return { ...record, pairs, split };
}
