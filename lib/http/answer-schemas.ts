/**
 * The schema of every route's successful answer, by its path under app/api and its method. A test requires an entry for
 * every route, and the fuzz test of the routes validates every answer against it.
 */
import * as z from 'zod';
import { agreementAnswerSchema } from '@/lib/schemas/agreement';
import { myAnnotationsPageSchema, savedAnnotationSchema, taskPageSchema, taskSchema } from '@/lib/schemas/annotation';
import { annotatorAnswerSchema } from '@/lib/schemas/annotator-answer';
import { apiKeysAnswerSchema, createdApiKeySchema } from '@/lib/schemas/api-key';
import { assignedPromptsSchema, assignmentsAnswerSchema } from '@/lib/schemas/assignment';
import { auditPageSchema } from '@/lib/schemas/audit';
import { promptAnswersSchema, reviewQueueSchema, savedDecisionSchema } from '@/lib/schemas/decision';
import { savedDraftSchema } from '@/lib/schemas/draft';
import { exportPreviewSchema } from '@/lib/schemas/export';
import { goldFeedbackSchema, goldPromptsAnswerSchema } from '@/lib/schemas/gold';
import {
  guidelineChangeSchema,
  guidelineHistorySchema,
  guidelinesAnswerSchema,
  publishedGuidelinesSchema,
} from '@/lib/schemas/guidelines';
import { heuristicsPreviewSchema } from '@/lib/schemas/heuristics';
import { importPreviewSchema } from '@/lib/schemas/import-preview';
import { cancelledJobSchema, jobAnswerSchema } from '@/lib/schemas/job';
import { ledgerPageSchema } from '@/lib/schemas/ledger';
import {
  addedModelsSchema,
  missingFilesSchema,
  modelAnswerSchema,
  modelManifestSchema,
  modelsAnswerSchema,
  uploadPlanSchema,
} from '@/lib/schemas/model';
import { addedResponsesSchema, promptsToSamplePageSchema } from '@/lib/schemas/new-responses';
import { openApiDocumentSchema } from '@/lib/schemas/open-api';
import { paceSchema } from '@/lib/schemas/pace';
import {
  accountsAnswerSchema,
  authAnswerSchema,
  changedPersonSchema,
  importedAnnotatorsAnswerSchema,
  inviteSummarySchema,
  invitesAnswerSchema,
  meAnswerSchema,
  membersAnswerSchema,
  oneTimeLinkSchema,
  resetPasswordAnswerSchema,
  resetSummarySchema,
  sessionsAnswerSchema,
  signedUpAnswerSchema,
} from '@/lib/schemas/people';
import { progressAnswerSchema } from '@/lib/schemas/progress';
import {
  changedProjectSchema,
  loadedDemoSchema,
  projectAnswerSchema,
  projectsAnswerSchema,
} from '@/lib/schemas/project';
import { changeablePromptSchema } from '@/lib/schemas/prompt-change';
import { importResultSchema } from '@/lib/schemas/prompt-import';
import { promptCountSchema, promptListSchema } from '@/lib/schemas/prompt-list';
import { myMarksAnswerSchema, sharedMarksAnswerSchema } from '@/lib/schemas/prompt-mark';
import { prioritizedSchema } from '@/lib/schemas/prompt-priority';
import {
  createdRunAnswerSchema,
  finishedRunSchema,
  reportedRunSchema,
  rerankAnswerSchema,
  runAnswerSchema,
  runsAnswerSchema,
  sentRunFileSchema,
  storedScoresSchema,
} from '@/lib/schemas/run-answers';
import { settingsHistorySchema } from '@/lib/schemas/settings';
import { settingsEffectsSchema } from '@/lib/schemas/settings-effects';
import {
  createdSnapshotSchema,
  importedSnapshotSchema,
  snapshotOnlyAnswerSchema,
  snapshotsAnswerSchema,
} from '@/lib/schemas/snapshot';
import { comparisonPageSchema } from '@/lib/schemas/snapshot-comparison';
import { snapshotContentsSchema } from '@/lib/schemas/snapshot-contents';
import { snapshotPreviewSchema } from '@/lib/schemas/snapshot-request';
import { uploadStateSchema } from '@/lib/schemas/upload';
import {
  createdWebhookSchema,
  deliveriesPageSchema,
  queuedDeliverySchema,
  webhookAnswerSchema,
  webhooksAnswerSchema,
} from '@/lib/schemas/webhook';
import { workReportSchema } from '@/lib/schemas/work';
import type { Method } from './body-limits';

/** A schema for JSON; 'file' for any bytes; 'nothing' for 204; 'refusal' for routes that always refuse. */
export type AnswerShape = z.ZodType | 'file' | 'nothing' | 'refusal';

export const answerSchemas: Readonly<Record<string, Readonly<Partial<Record<Method, AnswerShape>>>>> = {
  '[...unknown]': { GET: 'refusal', POST: 'refusal', PUT: 'refusal', PATCH: 'refusal', DELETE: 'refusal' },
  audit: { GET: auditPageSchema },
  'audit/export': { GET: 'file' },
  'auth/[...all]': { GET: 'refusal', POST: authAnswerSchema },
  'clients/[clientFile]': { GET: 'file' },
  demo: { POST: loadedDemoSchema },
  invites: { GET: invitesAnswerSchema, POST: oneTimeLinkSchema, DELETE: 'nothing' },
  'invites/[token]': { GET: inviteSummarySchema },
  'invites/[token]/accept': { POST: signedUpAnswerSchema },
  'jobs/[jobId]': { GET: jobAnswerSchema, DELETE: cancelledJobSchema },
  me: { GET: meAnswerSchema },
  'me/keys': { GET: apiKeysAnswerSchema, POST: createdApiKeySchema, DELETE: 'nothing' },
  'me/sessions': { GET: sessionsAnswerSchema, DELETE: 'nothing' },
  models: { GET: modelsAnswerSchema },
  'openapi.json': { GET: openApiDocumentSchema },
  'models/[modelId]': { GET: modelManifestSchema, DELETE: z.null() },
  'models/[modelId]/files/[name]': { GET: 'file' },
  'models/added': { GET: addedModelsSchema },
  'models/hub': { POST: modelAnswerSchema },
  'models/server': { POST: modelAnswerSchema },
  'models/uploads': { POST: uploadPlanSchema },
  'models/uploads/[modelId]/files/[name]': { POST: uploadStateSchema, PUT: missingFilesSchema },
  'models/uploads/[modelId]/finish': { POST: modelAnswerSchema },
  projects: { GET: projectsAnswerSchema, POST: changedProjectSchema },
  'projects/[projectId]': { GET: projectAnswerSchema, PATCH: changedProjectSchema, DELETE: 'nothing' },
  'projects/[projectId]/clone': { POST: changedProjectSchema },
  'projects/[projectId]/archive': { POST: 'nothing' },
  'projects/[projectId]/annotations': { POST: savedAnnotationSchema },
  'projects/[projectId]/agreement': { GET: agreementAnswerSchema },
  'projects/[projectId]/agreement/ledger': { GET: ledgerPageSchema },
  'projects/[projectId]/agreement/ledger/export': { GET: 'file' },
  'projects/[projectId]/annotations/export': { GET: 'file' },
  'projects/[projectId]/annotations/mine': { GET: myAnnotationsPageSchema },
  'projects/[projectId]/answers/[promptId]': { GET: promptAnswersSchema },
  'projects/[projectId]/answers/[promptId]/[annotatorId]': { GET: annotatorAnswerSchema },
  'projects/[projectId]/assignments': {
    GET: assignmentsAnswerSchema,
    POST: assignedPromptsSchema,
    DELETE: 'nothing',
  },
  'projects/[projectId]/decisions': { POST: savedDecisionSchema },
  'projects/[projectId]/decisions/withdraw': { POST: savedDecisionSchema },
  'projects/[projectId]/drafts/[promptId]': { PUT: savedDraftSchema },
  'projects/[projectId]/gold': { GET: goldPromptsAnswerSchema },
  'projects/[projectId]/gold/[promptId]': { GET: goldFeedbackSchema, PUT: 'nothing', DELETE: 'nothing' },
  'projects/[projectId]/guidelines': { GET: guidelinesAnswerSchema, POST: publishedGuidelinesSchema },
  'projects/[projectId]/guidelines/acknowledge': { POST: guidelinesAnswerSchema },
  'projects/[projectId]/guidelines/history': { GET: guidelineHistorySchema },
  'projects/[projectId]/guidelines/history/[version]': { GET: guidelineChangeSchema },
  'projects/[projectId]/heuristics/preview': { POST: heuristicsPreviewSchema },
  'projects/[projectId]/import': { POST: importResultSchema },
  'projects/[projectId]/import/preview': { POST: importPreviewSchema },
  'projects/[projectId]/marks': { GET: sharedMarksAnswerSchema, POST: 'nothing' },
  'projects/[projectId]/marks/mine': { GET: myMarksAnswerSchema },
  'projects/[projectId]/marks/resolve': { POST: 'nothing' },
  'projects/[projectId]/imported-annotators': {
    GET: importedAnnotatorsAnswerSchema,
    PUT: importedAnnotatorsAnswerSchema,
  },
  'projects/[projectId]/members': { POST: membersAnswerSchema, DELETE: membersAnswerSchema },
  'projects/[projectId]/pace': { GET: paceSchema },
  'projects/[projectId]/progress': { GET: progressAnswerSchema },
  'projects/[projectId]/prompts': { GET: promptsToSamplePageSchema },
  'projects/[projectId]/prompts/list': { GET: promptListSchema },
  'projects/[projectId]/prompts/list/count': { GET: promptCountSchema },
  'projects/[projectId]/prompts/priority': { POST: prioritizedSchema },
  'projects/[projectId]/prompts/[promptId]/changes': { GET: changeablePromptSchema, POST: changeablePromptSchema },
  'projects/[projectId]/responses': { POST: addedResponsesSchema },
  'projects/[projectId]/review-queue': { GET: reviewQueueSchema },
  'projects/[projectId]/runs': { GET: runsAnswerSchema, POST: createdRunAnswerSchema },
  'projects/[projectId]/settings/effects': { POST: settingsEffectsSchema },
  'projects/[projectId]/settings/history': { GET: settingsHistorySchema },
  'projects/[projectId]/sent-back': { POST: 'nothing' },
  'projects/[projectId]/sent-back/withdraw': { POST: 'nothing' },
  'projects/[projectId]/snapshots/preview': { POST: snapshotPreviewSchema },
  'projects/[projectId]/snapshots': { GET: snapshotsAnswerSchema, POST: createdSnapshotSchema },
  'projects/[projectId]/snapshots/import': { POST: importedSnapshotSchema },
  'projects/[projectId]/tasks/[promptId]': { GET: taskSchema },
  'projects/[projectId]/tasks/next': { GET: taskPageSchema },
  'projects/[projectId]/uploads': { POST: uploadStateSchema },
  'projects/[projectId]/webhooks': { GET: webhooksAnswerSchema, POST: createdWebhookSchema },
  'projects/[projectId]/webhooks/[webhookId]': { PATCH: webhookAnswerSchema, DELETE: 'nothing' },
  'projects/[projectId]/webhooks/[webhookId]/secret': { POST: createdWebhookSchema },
  'projects/[projectId]/webhooks/[webhookId]/deliveries': { GET: deliveriesPageSchema, POST: queuedDeliverySchema },
  'projects/[projectId]/work': { GET: workReportSchema },
  'reset/[resetToken]': { GET: resetSummarySchema, POST: resetPasswordAnswerSchema },
  'runs/[runId]': { GET: runAnswerSchema },
  'runs/[runId]/files/[name]': { GET: 'file', PUT: sentRunFileSchema },
  'runs/[runId]/finish': { POST: finishedRunSchema },
  'runs/[runId]/report': { POST: reportedRunSchema },
  'runs/[runId]/rerank': { GET: rerankAnswerSchema },
  'runs/[runId]/scores': { POST: storedScoresSchema },
  'snapshots/[snapshotId]': { GET: snapshotOnlyAnswerSchema, PATCH: snapshotOnlyAnswerSchema },
  'snapshots/[snapshotId]/bundle': { GET: 'file' },
  'snapshots/[snapshotId]/compare/[otherSnapshotId]': { GET: comparisonPageSchema },
  'snapshots/[snapshotId]/contents': { GET: snapshotContentsSchema },
  'snapshots/[snapshotId]/export': { GET: 'file' },
  'snapshots/[snapshotId]/export/preview': { GET: exportPreviewSchema },
  'snapshots/[snapshotId]/header': { GET: 'file' },
  'snapshots/[snapshotId]/pairs': { GET: 'file' },
  'snapshots/[snapshotId]/records': { GET: 'file' },
  'uploads/[uploadId]': { GET: uploadStateSchema, PATCH: uploadStateSchema, DELETE: 'nothing' },
  'uploads/[uploadId]/finish': { POST: uploadStateSchema },
  users: { GET: accountsAnswerSchema },
  'users/[userId]': { PATCH: changedPersonSchema },
  'users/[userId]/reset-link': { POST: oneTimeLinkSchema },
  'users/[userId]/second-factor': { DELETE: 'nothing' },
  'users/[userId]/sessions': { DELETE: 'nothing' },
};
