/**
 * The maximum size in bytes of request bodies, by the route's path under app/api and its method. A route or method
 * without an entry takes no body. A test requires an entry for every route.
 */
import { MAX_MODEL_FILE_BYTES } from '@/lib/schemas/model';
import { importLimits } from '@/lib/schemas/prompt-import';
import { MAX_RUN_FILE_BYTES } from '@/lib/schemas/run';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The version of the API in the addresses that programs use. */
export const API_VERSION = 'v1';

const KB = 1024;
const MB = 1024 * KB;

/** A form with a few short fields: names, addresses, a password. */
const FORM = 16 * KB;
/** The annotation of a prompt, guidelines, a list of files. */
const DOCUMENT = MB;

export const bodyLimits: Readonly<Record<string, Readonly<Partial<Record<Method, number>>>>> = {
  '[...unknown]': { POST: 0, PUT: 0, PATCH: 0, DELETE: 0 },
  audit: {},
  'audit/export': {},
  'auth/[...all]': { POST: FORM },
  'clients/[clientFile]': {},
  demo: { POST: FORM },
  invites: { POST: FORM, DELETE: FORM },
  'invites/[token]': {},
  'invites/[token]/accept': { POST: FORM },
  'jobs/[jobId]': { DELETE: FORM },
  me: {},
  'me/keys': { POST: FORM, DELETE: FORM },
  'me/sessions': { DELETE: FORM },
  'openapi.json': {},
  models: {},
  'models/[modelId]': { DELETE: FORM },
  'models/[modelId]/files/[name]': {},
  'models/added': {},
  'models/hub': { POST: DOCUMENT },
  'models/server': { POST: FORM },
  'models/uploads': { POST: DOCUMENT },
  'models/uploads/[modelId]/files/[name]': { POST: FORM, PUT: MAX_MODEL_FILE_BYTES },
  'models/uploads/[modelId]/finish': { POST: FORM },
  projects: { POST: DOCUMENT },
  'projects/[projectId]': { PATCH: DOCUMENT, DELETE: FORM },
  'projects/[projectId]/clone': { POST: FORM },
  'projects/[projectId]/archive': { POST: FORM },
  'projects/[projectId]/annotations': { POST: DOCUMENT },
  'projects/[projectId]/answers/[promptId]': {},
  'projects/[projectId]/answers/[promptId]/[annotatorId]': {},
  'projects/[projectId]/agreement': {},
  'projects/[projectId]/agreement/ledger': {},
  'projects/[projectId]/agreement/ledger/export': {},
  'projects/[projectId]/annotations/export': {},
  'projects/[projectId]/annotations/mine': {},
  'projects/[projectId]/assignments': { POST: DOCUMENT, DELETE: FORM },
  'projects/[projectId]/decisions': { POST: DOCUMENT },
  'projects/[projectId]/decisions/withdraw': { POST: FORM },
  'projects/[projectId]/drafts/[promptId]': { PUT: DOCUMENT },
  'projects/[projectId]/gold': {},
  'projects/[projectId]/gold/[promptId]': { PUT: DOCUMENT, DELETE: FORM },
  'projects/[projectId]/guidelines': { POST: DOCUMENT },
  'projects/[projectId]/guidelines/acknowledge': { POST: FORM },
  'projects/[projectId]/guidelines/history': {},
  'projects/[projectId]/guidelines/history/[version]': {},
  'projects/[projectId]/heuristics/preview': { POST: FORM },
  'projects/[projectId]/import': { POST: importLimits.bodyBytes },
  'projects/[projectId]/import/preview': { POST: importLimits.bodyBytes },
  'projects/[projectId]/marks': { POST: DOCUMENT },
  'projects/[projectId]/marks/mine': {},
  'projects/[projectId]/marks/resolve': { POST: FORM },
  'projects/[projectId]/imported-annotators': { PUT: FORM },
  'projects/[projectId]/members': { POST: FORM, DELETE: FORM },
  'projects/[projectId]/pace': {},
  'projects/[projectId]/progress': {},
  'projects/[projectId]/prompts': {},
  'projects/[projectId]/prompts/list': {},
  'projects/[projectId]/prompts/list/count': {},
  'projects/[projectId]/prompts/priority': { POST: FORM },
  'projects/[projectId]/prompts/[promptId]/changes': { POST: DOCUMENT },
  'projects/[projectId]/responses': { POST: importLimits.bodyBytes },
  'projects/[projectId]/review-queue': {},
  'projects/[projectId]/runs': { POST: FORM },
  'projects/[projectId]/sent-back': { POST: FORM },
  'projects/[projectId]/sent-back/withdraw': { POST: FORM },
  // It may list the id of every prompt that is held back.
  'projects/[projectId]/snapshots': { POST: 32 * MB },
  'projects/[projectId]/settings/effects': { POST: FORM },
  'projects/[projectId]/snapshots/preview': { POST: 32 * MB },
  'projects/[projectId]/settings/history': {},
  'projects/[projectId]/snapshots/import': { POST: importLimits.snapshotBytes },
  'projects/[projectId]/tasks/[promptId]': {},
  'projects/[projectId]/tasks/next': {},
  'projects/[projectId]/uploads': { POST: FORM },
  'projects/[projectId]/webhooks': { POST: FORM },
  'projects/[projectId]/webhooks/[webhookId]': { PATCH: FORM, DELETE: FORM },
  'projects/[projectId]/webhooks/[webhookId]/deliveries': { POST: FORM },
  'projects/[projectId]/webhooks/[webhookId]/secret': { POST: FORM },
  'projects/[projectId]/work': {},
  'reset/[resetToken]': { POST: FORM },
  'runs/[runId]': {},
  'runs/[runId]/files/[name]': { PUT: MAX_RUN_FILE_BYTES },
  'runs/[runId]/finish': { POST: DOCUMENT },
  'runs/[runId]/report': { POST: DOCUMENT },
  'runs/[runId]/rerank': {},
  // 2000 scores with two long ids each.
  'runs/[runId]/scores': { POST: 8 * MB },
  'snapshots/[snapshotId]': { PATCH: FORM },
  'snapshots/[snapshotId]/bundle': {},
  'snapshots/[snapshotId]/compare/[otherSnapshotId]': {},
  'snapshots/[snapshotId]/contents': {},
  'snapshots/[snapshotId]/export': {},
  'snapshots/[snapshotId]/export/preview': {},
  'snapshots/[snapshotId]/header': {},
  'snapshots/[snapshotId]/pairs': {},
  'snapshots/[snapshotId]/records': {},
  'uploads/[uploadId]': { PATCH: MAX_MODEL_FILE_BYTES, DELETE: FORM },
  'uploads/[uploadId]/finish': { POST: FORM },
  users: {},
  'users/[userId]': { PATCH: FORM },
  'users/[userId]/reset-link': { POST: FORM },
  'users/[userId]/second-factor': { DELETE: FORM },
  'users/[userId]/sessions': { DELETE: FORM },
};

const isVariable = (part: string) => part.startsWith('[');
const isRest = (part: string) => part.startsWith('[...');

/** Fixed segments take precedence over variables, as in Next: /models/added is not a model's id. */
const routes = Object.keys(bodyLimits)
  .map((path) => path.split('/'))
  .sort((a, b) => rank(a).localeCompare(rank(b)));

function rank(parts: readonly string[]): string {
  return parts.map((part) => (isRest(part) ? '2' : isVariable(part) ? '1' : '0')).join('');
}

function matches(parts: readonly string[], asked: readonly string[]): boolean {
  const isCatchAll = isRest(parts.at(-1)!);
  if (isCatchAll ? asked.length < parts.length : asked.length !== parts.length) return false;
  return parts.every((part, i) => isVariable(part) || part === asked[i]);
}

/** The route that answers, by its path under app/api. `pathname` begins with /api/ or, to programs, with /api/v1/. */
export function routeAt(pathname: string): string | undefined {
  const [, ...below] = pathname.split('/').filter(Boolean);
  const asked = below[0] === API_VERSION ? below.slice(1) : below;
  return routes.find((candidate) => matches(candidate, asked))?.join('/');
}

/** The limit in bytes; 0 where no body is expected. */
export function bodyLimit(method: string, pathname: string): number {
  return bodyLimits[routeAt(pathname) ?? '']?.[method as Method] ?? 0;
}
