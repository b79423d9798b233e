import type { Database } from '@/lib/db/client';
import { stepTargetMs } from '@/lib/db/give-way';
import { publishedCounts } from '@/lib/db/published';
import { stagePrompts, stageResponses } from '@/lib/db/staging';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';
import { compareImport } from './import-comparison';
import { judgementFaults } from './import-judgements';
import { ImportProblems } from './import-problems';
import type { ReadPrompt } from './import-reading';
import type { OpenImport } from './open-import';
import { type Job, retried } from './project-job';

/** Prompts per step: as many as take about as long as one may; see give-way.ts. */
const STEP = { least: 10, first: 25, most: 1000 };
/** Progress is counted in these, since more bytes than a database's integers count may be imported. */
const KIB = 1024;

/** More than there may be, which is all that is asked. */
const COUNTED_ANNOTATORS = 10_000;

export interface StagedImport {
  problems: ImportProblems;
  annotators: ReadonlySet<string>;
  /** Prompts with judgements. */
  judged: number;
  added: number;
  unchanged: number;
  extended: number;
  responses: number;
}

/**
 * Reads all of a file and writes its prompts where nobody sees them, unless a line turns out to be bad: from then on it is
 * only checked. Prompts that a server had written before it died are not written again.
 * @throws RefusedLines
 */
export async function stageImport(
  open: OpenImport,
  job: Job,
  db: Database,
  projectId: string,
  { leaveOut, withJudgements, bytes }: { leaveOut: boolean; withJudgements: boolean; bytes: number },
): Promise<StagedImport> {
  const problems = new ImportProblems(leaveOut);
  const annotators = new Set<string>();
  const staged = { judged: 0, added: 0, unchanged: 0, extended: 0, responses: 0 };
  const before = await publishedCounts(db, projectId);
  const total = Math.ceil(bytes / KIB);
  await job.setTotal(total);
  let items = 0;
  let size = STEP.first;
  const targetMs = stepTargetMs(db);

  for (let batch = await open.next(); batch; batch = await open.next()) {
    problems.add(batch.errors);
    if (problems.fatal && problems.isEnough) break;
    if (batch.nothing) problems.only(batch.nothing);
    if (withJudgements) {
      problems.add(await judgementFaults(db, projectId, batch.judgements));
      for (const name of batch.annotators) if (annotators.size < COUNTED_ANNOTATORS) annotators.add(name);
      staged.judged += batch.judged;
    }
    for (let rest = batch.prompts; rest.length > 0; ) {
      const some = rest.slice(0, size);
      rest = rest.slice(some.length);
      const done = Math.floor(total * batch.share);
      size = sizeAfter({ prompts: some.length, size, took: await stage(some, done), targetMs });
    }
    await job.setDone(Math.floor(total * batch.share));
  }
  if (problems.fatal) throw problems.refusal();
  return { ...staged, problems, annotators };

  /** @returns how long it took, or null where nothing was written */
  async function stage(prompts: readonly ReadPrompt[], done: number): Promise<number | null> {
    const first = items;
    items += prompts.length;
    const compared = prompts.map((read, i) => ({
      ...read,
      at: first + i,
      prompt: () => JSON.parse(read.json) as ImportedPrompt,
    }));
    const comparison =
      before.prompts === 0
        ? { added: compared, unchanged: 0, extended: [], conflicts: [] }
        : (await retried(() => compareImport(db, projectId, compared)))!;
    problems.add(comparison.conflicts);
    if (problems.fatal) return null;
    const position = before.prompts + staged.added;
    const fresh = comparison.added.filter(({ at }) => at >= job.items);
    const skipped = comparison.added.length - fresh.length;
    staged.added += comparison.added.length;
    staged.unchanged += comparison.unchanged;
    staged.extended += comparison.extended.length;
    for (const { responses } of comparison.added) staged.responses += responses;
    for (const { responses } of comparison.extended) staged.responses += responses.length;
    // Responses that were added to prompts are written anew, since none of them is kept.
    if (fresh.length === 0 && comparison.extended.length === 0) return null;
    const rows = comparison.extended.flatMap(({ promptId, position: from, responses }) =>
      responses.map(({ id, label, ...response }, i) => ({
        ...response,
        promptId,
        externalId: id,
        label: label ?? null,
        position: from + i,
      })),
    );
    const texts = fresh.map(({ json }) => json);
    const write = async (tx: Database) => {
      await stagePrompts(tx, projectId, position + skipped, texts);
      if (rows.length > 0) await stageResponses(tx, before.additions + 1, rows);
    };
    return job.step(done, write, items > job.items ? items : undefined);
  }
}

/** The next step's size by what the last one took. */
function sizeAfter({
  prompts,
  size,
  took,
  targetMs,
}: {
  prompts: number;
  size: number;
  took: number | null;
  targetMs: number;
}): number {
  if (took === null || prompts < size / 2) return size;
  const wanted = (prompts * targetMs) / Math.max(1, took);
  return Math.round(Math.min(STEP.most, Math.max(STEP.least, (size + wanted) / 2)));
}
