import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import type { ProjectRow } from '@/lib/db/projects';
import { namesIn, talliesOfProject } from '@/lib/db/tallies';
import { ledgerLines } from '@/lib/formats/ledger-lines';
import { consensus, consensusRuleOf } from '@/lib/ranking/consensus';
import { ledgerOf } from '@/lib/ranking/ledger';
import {
  type LedgerExportQuery,
  type LedgerFilter,
  type LedgerPage,
  type LedgerPrompt,
  type LedgerQuery,
  ledgerCursor,
  passesLedgerFilter,
} from '@/lib/schemas/ledger';
import { expandedOrders, type PromptJudgements, promptJudgementsAfter } from './judged-prompts';
import { createYielder } from './yield-to-event-loop';

/** A page ends with the prompt that brings it to so many pairs, or where so many prompts were looked through. */
const PAIRS = 100;
const MAX_LOOKED = 300;
/** Prompts that are read at once. */
const STEP = 25;

/** What became of each pair of responses by the project's rule, prompt by prompt; whatever is asked for, a page is bounded. */
export async function getLedger(
  actor: Actor,
  db: Database,
  projectId: string,
  { outcome, after = -1 }: LedgerQuery,
): Promise<LedgerPage> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  const prompts: LedgerPrompt[] = [];
  let [position, pairs, looked] = [after, 0, 0];
  let isAtEnd = false;
  while (pairs < PAIRS && looked < MAX_LOOKED && !isAtEnd) {
    const read = await promptJudgementsAfter(db, projectId, position, { limit: STEP });
    isAtEnd = read.length < STEP;
    for (const one of read) {
      const prompt = ledgerPrompt(project, one, outcome);
      if (prompt.pairs.length > 0) prompts.push(prompt);
      pairs += prompt.pairs.length;
      position = one.prompt.position;
      looked++;
      if (pairs < PAIRS) continue;
      isAtEnd &&= one === read.at(-1);
      break;
    }
  }
  const rule = consensusRuleOf(project);
  return {
    rule,
    prompts,
    looked,
    next: isAtEnd ? null : ledgerCursor.next(position),
    names: namesIn(await talliesOfProject(db, projectId)),
  };
}

/** The whole ledger, page by page. */
export async function exportLedger(
  actor: Actor,
  db: Database,
  projectId: string,
  { outcome, format }: LedgerExportQuery,
): Promise<{ fileName: string; mediaType: string; lines: AsyncGenerator<string> }> {
  const { project } = await authorizeInProject(db, actor, 'prompts.read', projectId);
  await recordAudit(db, { kind: 'export', actorId: actor.userId, details: { what: 'ledger', project: project.name } });
  const { mediaType } = ledgerLines[format];
  return {
    fileName: `${project.name}-ledger.${format}`,
    mediaType,
    lines: exportLines(db, project, { outcome, format }),
  };
}

async function* exportLines(
  db: Database,
  project: ProjectRow,
  { outcome, format }: LedgerExportQuery,
): AsyncGenerator<string> {
  const { head, write } = ledgerLines[format];
  const names = namesIn(await talliesOfProject(db, project.id));
  const yieldIfDue = createYielder();
  if (head !== '') yield head;
  for (let position = -1; ; ) {
    const read = await promptJudgementsAfter(db, project.id, position, { limit: STEP });
    if (read.length === 0) return;
    position = read.at(-1)!.prompt.position;
    await yieldIfDue();
    const lines = read.map((one) => write(ledgerPrompt(project, one, outcome), (id) => names[id] ?? id)).join('');
    if (lines !== '') yield lines;
  }
}

function ledgerPrompt(
  project: ProjectRow,
  { prompt, isDecided, responses, annotations }: PromptJudgements,
  filter: LedgerFilter | undefined,
): LedgerPrompt {
  const externalIds = new Map<string, string>(responses.map(({ id, externalId }) => [id, externalId]));
  const ids = responses.map(({ id }) => id);
  const judgements = expandedOrders(annotations, responses);
  const merged = consensus(ids, judgements, consensusRuleOf(project), project.tiers.length);
  // Nothing became of pairs that nobody judged who counts.
  const pairs = (judgements.length === 0 ? [] : ledgerOf(ids, judgements, merged))
    .filter(({ outcome }) => passesLedgerFilter(outcome, filter))
    .map((row) => ({ ...row, better: externalIds.get(row.better)!, worse: externalIds.get(row.worse)! }));
  return { promptId: prompt.id, externalId: prompt.externalId, isDecided, pairs };
}
