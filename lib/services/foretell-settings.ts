import { isDeepStrictEqual } from 'node:util';
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { agreementReportOf } from '@/lib/db/agreement-reports';
import type { Database } from '@/lib/db/client';
import { goldIds } from '@/lib/db/gold';
import type { ProjectRow } from '@/lib/db/projects';
import { countDecided, countHeld, finishedAnswers, judgedByMembers, placingEffects } from '@/lib/db/settings-effects';
import { sumTallies } from '@/lib/db/tallies';
import { type ConsensusRule, consensusRuleOf, isSameRule } from '@/lib/ranking/consensus';
import { agreementReportSchema } from '@/lib/schemas/agreement';
import type { ModelNames } from '@/lib/schemas/model-names';
import { type ForetoldSettings, foretoldSettings, type SettingsEffects } from '@/lib/schemas/settings-effects';

const NOTHING: SettingsEffects = {
  reopened: 0,
  closed: 0,
  judgements: 0,
  uncertain: 0,
  held: 0,
  stopped: 0,
  resumed: 0,
  goldSooner: 0,
  goldLater: 0,
  shown: null,
  decisionsInForce: 0,
  decisionsLifted: 0,
  pairs: null,
};

/** What other settings would do to a project as it is. Nothing is changed. */
export async function foretellSettings(
  actor: Actor,
  db: Database,
  projectId: string,
  changes: ForetoldSettings,
): Promise<SettingsEffects> {
  const { project } = await authorizeInProject(db, actor, 'project.edit', projectId);
  // Before there is any work, nothing is done to it.
  if (!(await sumTallies(db, [projectId])).has(projectId)) return NOTHING;
  const after: ProjectRow = { ...project, ...changes };
  const changed = new Set<string>(foretoldSettings.filter((name) => after[name] !== project[name]));
  const effects = { ...NOTHING };
  const countsOthers = changed.has('importedCountIn') || changed.has('modelsCountIn');
  const placing = placingColumns(after);
  if (!isDeepStrictEqual(placing, placingColumns(project))) {
    Object.assign(effects, await placingEffects(db, projectId, placing, countsOthers));
  }
  if (changed.has('leaseMinutes')) effects.held = await countHeld(db, projectId);
  if (changed.has('promptLimit')) Object.assign(effects, await limitEffects(db, project, after));
  if (changed.has('goldEvery')) Object.assign(effects, await goldEffects(db, project, after));
  if (changed.has('modelNames')) effects.shown = await shownEffects(db, project, after);
  if (changed.has('decisionsSettle')) {
    effects[after.decisionsSettle ? 'decisionsInForce' : 'decisionsLifted'] = await countDecided(db, projectId);
  }
  if (changed.has('consensusQuorum') || changed.has('consensusMaxAgainst')) {
    effects.pairs = await keptPairs(db, project, after);
  }
  return effects;
}

const placingColumns = (project: ProjectRow) => ({
  overlap: project.overlap,
  overlap_sample: project.overlapSample,
  overlap_sample_percent: project.overlapSamplePercent,
  overlap_minimum: project.overlapMinimum,
  closing_certainty: project.closingCertainty,
  imported_count_in: project.importedCountIn,
  models_count_in: project.modelsCountIn,
});

async function limitEffects(db: Database, before: ProjectRow, after: ProjectRow) {
  const reaches = ({ judged }: { judged: number }, { promptLimit }: ProjectRow) =>
    promptLimit !== null && judged >= promptLimit;
  const people = await judgedByMembers(db, before.id);
  return {
    stopped: people.filter((one) => reaches(one, after) && !reaches(one, before)).length,
    resumed: people.filter((one) => reaches(one, before) && !reaches(one, after)).length,
  };
}

/** Every so many prompts one is gold; 0: none is. */
async function goldEffects(db: Database, { id, goldEvery: before }: ProjectRow, { goldEvery: after }: ProjectRow) {
  const gold = (await goldIds(db, id)).size;
  const left = (await judgedByMembers(db, id)).reduce((sum, one) => sum + Math.max(0, gold - one.gold), 0);
  const isSooner = after > 0 && (before === 0 || after < before);
  return isSooner ? { goldSooner: left } : { goldLater: left };
}

async function shownEffects(db: Database, { id, modelNames: before }: ProjectRow, { modelNames: after }: ProjectRow) {
  const answers = await finishedAnswers(db, id);
  const shown = {
    researchers: 0,
    after_decision: answers.decided,
    after_submission: answers.all,
  } as const satisfies Record<ModelNames, number>;
  return shown[before] === shown[after] ? null : { before: shown[before], after: shown[after] };
}

/** By what was measured last; null before that, and where both rules keep as many. */
async function keptPairs(db: Database, before: ProjectRow, after: ProjectRow): Promise<SettingsEffects['pairs']> {
  const report = agreementReportSchema.safeParse((await agreementReportOf(db, before.id))?.report).data;
  const kept = (rule: ConsensusRule) => {
    const measured = report?.rules.find((one) => isSameRule(one, rule));
    return measured ? measured.outcomes.kept + measured.outcomes.implied : null;
  };
  const [now, then] = [kept(consensusRuleOf(before)), kept(consensusRuleOf(after))];
  return now === null || now === then ? null : { before: now, after: then };
}
