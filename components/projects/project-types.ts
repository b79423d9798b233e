import type { Role } from '@/components/account/use-me';
import type { IssueTag } from '@/lib/schemas/remarks';
import type { TextFormat } from '@/lib/schemas/text-format';
import type { TierColor } from '@/lib/schemas/tier-rules';

/** A project as the API sends it. `tiers` are names, index 0 = best. Times are ISO strings. */
export type Project = {
  id: string;
  name: string;
  description: string;
  guidelines: string;
  /** Named by whoever changes settings. */
  settingsVersion: number;
  tiers: string[];
  /** Which names they have: named by whoever judges. */
  tiersVersion: number;
  /** One a tier, or none: see `tierRamp`. */
  tierColors: TierColor[];
  /** Retired ones included: offer `offeredTags` of them. */
  issueTags: IssueTag[];
  /** For researchers; else 0. */
  goldWarmUp: number;
  goldEvery: number;
  hideSelfNames: boolean;
  textFormat: TextFormat;
  isDemo: boolean;
  createdAt: string;
};

export type ProjectCounts = {
  prompts: number;
  responses: number;
  annotations: number;
  annotators: number;
  snapshots: number;
  runs: number;
};

export type Member = { userId: string; name: string; email: string; role: 'researcher' | 'annotator' };

/**
 * GET /api/projects/:id; `role` is what the reader may do here. Annotators get of `counts` only prompts and their own
 * annotations, and no members: read the rest only where `role` is not 'annotator'.
 */
export type ProjectAnswer = { project: Project; counts: ProjectCounts; members: Member[]; role: Role };

/** One entry of GET /api/projects. */
export type ProjectSummary = {
  id: string;
  name: string;
  description: string;
  isDemo: boolean;
  role?: Role;
  counts?: Partial<ProjectCounts>;
};
