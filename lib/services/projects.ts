import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, authorize, can, displayedRole } from '@/lib/auth/permissions';
import { conflict, invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { placePrompts } from '@/lib/db/coverage';
import { listMembers, upsertMember } from '@/lib/db/members';
import { pageOf } from '@/lib/db/newest-first';
import {
  archiveTierNames,
  countForAnnotator,
  countProject,
  insertProject,
  listProjects as listStoredProjects,
  lockSettings,
  type ProjectRow,
  updateProject as updateStoredProject,
} from '@/lib/db/projects';
import { countSentBackTo } from '@/lib/db/sent-back-answers';
import { insertSettingsVersion } from '@/lib/db/settings-versions';
import type { CreateProjectRequest, UpdateProjectRequest } from '@/lib/schemas/account';
import { DEFAULT_COUNTING } from '@/lib/schemas/annotator-kinds';
import { DEFAULT_ASSIGNMENT } from '@/lib/schemas/assignment-rules';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';
import type { Project, ProjectAnswer, ProjectsAnswer } from '@/lib/schemas/project';
import { mergeIssueTags } from '@/lib/schemas/remark-rules';
import { DEFAULT_HEURISTICS } from '@/lib/schemas/strategy';
import { DEFAULT_TIERS, type TierColor } from '@/lib/schemas/tier-rules';
import { followSettings } from './certainty';
import { appendGuidelines } from './guidelines';
import { labelPatternOf } from './label-pattern';
import { followCounting } from './note-what-follows';

/** The settings that decide which prompts are open and what their order is. */
const placingSettings = [
  'overlap',
  'overlapSample',
  'overlapSamplePercent',
  'overlapMinimum',
  'closingCertainty',
  'assignmentOrder',
  'importedCountIn',
  'modelsCountIn',
] as const;

/** Those on which it depends how certain a consensus is. */
const certaintySettings = ['overlap', 'overlapMinimum', 'consensusQuorum', 'consensusMaxAgainst'] as const;

/** Those on which it depends whose judgements count. */
const countingSettings = ['importedCountIn', 'modelsCountIn'] as const;

const PAGE = 100;

/** @param after where the page before ended */
export async function listProjects(actor: Actor, db: Database, after?: MomentPlace): Promise<ProjectsAnswer> {
  const look = { all: actor.role === 'admin', after, limit: PAGE + 1 };
  const rows = await listStoredProjects(db, actor.userId, look);
  const { shown, end } = pageOf(rows, PAGE, ({ micros, project: { id } }) => ({ micros, id }));
  const projects = shown.map(({ project, role, annotations, ownAnnotations }) => {
    const where = { projectRole: role };
    const mayRead = can(actor, 'prompts.read', where);
    return {
      id: project.id,
      name: project.name,
      description: project.description,
      isDemo: project.isDemo,
      isArchived: project.state === 'archived',
      role: displayedRole(actor, where),
      counts: { prompts: project.promptCount, annotations: mayRead ? annotations : ownAnnotations },
    };
  });
  return { projects, next: end && momentCursor.next(end) };
}

/** Creates a project, of which the actor becomes a researcher. */
export async function createProject(
  actor: Actor,
  db: Database,
  { name, description = '', guidelines = '', tiers = DEFAULT_TIERS, tierColors = [] }: CreateProjectRequest,
): Promise<Project> {
  authorize(actor, 'projects.create');
  checkColors(tierColors, tiers.length);
  return db.transaction(async (tx) => {
    const values = { name, description, guidelines, tiers, tierColors, createdBy: actor.userId };
    const project = await insertProject(tx, values);
    await upsertMember(tx, { projectId: project.id, userId: actor.userId, role: 'researcher' });
    await appendGuidelines(actor, tx, project, { body: guidelines }, null);
    return toProject(project);
  });
}

export async function viewProject(actor: Actor, db: Database, projectId: string): Promise<ProjectAnswer> {
  return db.transaction(async (tx) => {
    const { project, projectRole } = await authorizeInProject(tx, actor, 'project.view', projectId);
    const where = { projectRole };
    return {
      // Annotators must not learn when a gold prompt comes.
      project: can(actor, 'prompts.read', where)
        ? toProject(project)
        : {
            ...toProject(project),
            goldWarmUp: 0,
            goldEvery: 0,
            ...DEFAULT_ASSIGNMENT,
            ...DEFAULT_COUNTING,
            ...DEFAULT_HEURISTICS,
          },
      counts: can(actor, 'prompts.read', where)
        ? await countProject(tx, project)
        : await countForAnnotator(tx, project, actor.userId),
      members: can(actor, 'members.manage', where) ? await listMembers(tx, projectId) : [],
      sentBack: await countSentBackTo(tx, { projectId, annotatorId: actor.userId }),
      role: displayedRole(actor, where),
    };
  });
}

/**
 * @throws Refusal 'conflict' when the settings have changed since `baseVersion`, with the current ones in
 * `details.current`; when tiers that people have judged by would be renamed without `renameJudgedTiers`, with
 * `details.needs`; or when their number would change. 'invalid' when there is not one colour per tier
 */
export async function updateProject(
  actor: Actor,
  db: Database,
  projectId: string,
  { baseVersion, renameJudgedTiers = false, ...changes }: UpdateProjectRequest,
): Promise<Project> {
  if (changes.labelPattern != null) labelPatternOf(changes.labelPattern);
  const { before, updated } = await db.transaction(async (tx) => {
    await authorizeInProject(tx, actor, 'project.edit', projectId);
    const { project, annotated } = await lockSettings(tx, projectId);
    if (baseVersion !== project.settingsVersion) throw conflict('settingsChanged', {}, { current: toProject(project) });
    const { issueTags, tiers, tierColors, ...rest } = changes;
    const tierChanges = changedTiers(project, annotated, { tiers, tierColors });
    if (tierChanges.tiersVersion !== undefined) {
      if (annotated && !renameJudgedTiers) throw conflict('tiersJudged', {}, { needs: 'renameJudgedTiers' });
      await archiveTierNames(tx, project);
    }
    const tags = issueTags ? { issueTags: mergeIssueTags(project.issueTags, issueTags) } : {};
    const settingsVersion = project.settingsVersion + 1;
    const settings = { ...rest, ...tierChanges, ...tags, settingsVersion };
    const updated = (await updateStoredProject(tx, projectId, settings)) ?? project;
    await insertSettingsVersion(tx, updated, actor.userId);
    if (placingSettings.some((name) => updated[name] !== project[name])) await placePrompts(tx, projectId);
    return { before: project, updated };
  });
  if (countingSettings.some((name) => updated[name] !== before[name])) followCounting(db, projectId);
  if (certaintySettings.some((name) => updated[name] !== before[name])) followSettings(db, updated);
  return toProject(updated);
}

function changedTiers(
  { tiers: before, tiersVersion }: Pick<ProjectRow, 'tiers' | 'tiersVersion'>,
  annotated: boolean,
  { tiers, tierColors }: Pick<UpdateProjectRequest, 'tiers' | 'tierColors'>,
): Partial<Pick<ProjectRow, 'tiers' | 'tierColors' | 'tiersVersion'>> {
  const count = (tiers ?? before).length;
  if (annotated && count !== before.length) {
    throw conflict('tiersStay', { count: before.length });
  }
  if (tierColors) checkColors(tierColors, count);
  const renamed = tiers?.some((name, tier) => name !== before[tier]) || count !== before.length;
  return {
    ...(tiers && renamed && { tiers, tiersVersion: tiersVersion + 1 }),
    ...(tierColors && { tierColors }),
    // The old colours mean nothing for a different number of tiers.
    ...(!tierColors && count !== before.length && { tierColors: [] }),
  };
}

function checkColors(colors: readonly TierColor[], count: number): void {
  if (colors.length > 0 && colors.length !== count) {
    throw invalid('colorsOfTiers', { count, colors: colors.length });
  }
}

export function toProject({
  createdBy: _,
  promptCount: __,
  responseCount: ___,
  additions: ____,
  state,
  createdAt,
  updatedAt,
  ...project
}: ProjectRow): Project {
  return {
    ...project,
    isArchived: state === 'archived',
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
