import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { addResponses } from './add-responses';
import { assignPrompts, listAssignments, takeBackPlace } from './assign-prompts';
import { changePrompt, getChangeablePrompt } from './change-prompt';
import { cloneProject } from './clone-project';
import { deleteProject, setArchived } from './close-project';
import { compareSnapshots } from './compare-snapshots';
import { createRun } from './create-run';
import { createSnapshot, previewSnapshot } from './create-snapshot';
import { saveDecision, withdrawDecision } from './decide';
import { exportSnapshotFiles, previewExport } from './export-snapshot';
import { finishRun } from './finish-run';
import { foretellSettings } from './foretell-settings';
import { getAgreement } from './get-agreement';
import { exportLedger, getLedger } from './get-ledger';
import { getPace } from './get-pace';
import { getProgress } from './get-progress';
import { getRun, listRuns } from './get-run';
import { getSnapshotContents } from './get-snapshot-contents';
import { getWork } from './get-work';
import { listGold, removeGold, setGold } from './gold';
import { importPrompts } from './import-prompts';
import { importSnapshot } from './import-snapshot';
import { listImportedAnnotators, setImportedKind } from './imported-annotators';
import { listModels } from './list-models';
import { listMyAnnotations } from './list-my-annotations';
import { countMatchingPrompts, listPrompts } from './list-prompts';
import { annotate, encode, english, projectWithPeople, promptFile, refusal } from './people.test-support';
import { previewHeuristics } from './preview-heuristics';
import { previewImport } from './preview-import';
import { prioritizePrompts } from './prioritize-prompts';
import { changeMark, listMarks, listMyMarks } from './prompt-marks';
import { promptsToSample } from './prompts-to-sample';
import { readModelFile } from './read-model-file';
import { exportSnapshot, getSnapshot, listSnapshots } from './read-snapshot';
import { renameSnapshot } from './rename-snapshot';
import { reportRun, saveScores } from './report-run';
import { rerankRun } from './rerank-run';
import { reviewQueue } from './review-queue';
import { readRunFile, storeRunFile } from './run-files';
import { saveAnnotation } from './save-annotation';
import { saveDraft } from './save-draft';
import { sendBack, takeSentBack } from './send-back';
import { listSettingsVersions } from './settings-history';
import { getNextTasks, getTask } from './tasks';
import { viewAnswers } from './view-answers';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listDeliveries,
  listWebhooks,
  queueDelivery,
  rotateSecret,
} from './webhooks';

const file = promptFile(1, { from: 50 });
async function* nothing(): AsyncGenerator<Uint8Array> {}
type Call = (
  actor: Actor,
  db: Database,
  ids: { projectId: string; snapshotId: string; runId: string; promptId: string },
) => Promise<unknown>;

const judgement = () => ({ idempotencyKey: randomUUID(), allBad: true, timeOnTaskMs: 0, placements: [] });

/** Everything that only a project's researchers may do. */
const forResearchers: Record<string, Call> = {
  previewImport: (actor, db, { projectId }) => previewImport(actor, db, projectId, file, { translate: english }),
  importPrompts: (actor, db, { projectId }) => importPrompts(actor, db, projectId, file),
  promptsToSample: (actor, db, { projectId }) => promptsToSample(actor, db, projectId),
  getChangeablePrompt: (actor, db, { projectId, promptId }) => getChangeablePrompt(actor, db, projectId, promptId),
  changePrompt: (actor, db, { projectId, promptId }) =>
    changePrompt(actor, db, projectId, promptId, { kind: 'withdraw', note: '' }),
  listPrompts: (actor, db, { projectId }) => listPrompts(actor, db, projectId, { sort: 'import' }),
  countMatchingPrompts: (actor, db, { projectId }) => countMatchingPrompts(actor, db, projectId, {}),
  prioritizePrompts: (actor, db, { projectId }) => prioritizePrompts(actor, db, projectId, { priority: 1, filter: {} }),
  addResponses: (actor, db, { projectId, promptId }) =>
    addResponses(actor, db, projectId, { source: 'm', prompts: [{ promptId, responses: [{ text: 'New' }] }] }),
  foretellSettings: (actor, db, { projectId }) => foretellSettings(actor, db, projectId, { overlap: 2 }),
  listAssignments: (actor, db, { projectId }) => listAssignments(actor, db, projectId),
  assignPrompts: (actor, db, { projectId }) =>
    assignPrompts(actor, db, projectId, { annotatorId: actor.userId, prompts: ['p0'] }),
  takeBackPlace: (actor, db, { projectId, promptId }) =>
    takeBackPlace(actor, db, projectId, { promptId, annotatorId: actor.userId }),
  listImportedAnnotators: (actor, db, { projectId }) => listImportedAnnotators(actor, db, projectId),
  setImportedKind: (actor, db, { projectId }) =>
    setImportedKind(actor, db, projectId, { userId: 'nobody', kind: 'model' }),
  listMarks: (actor, db, { projectId }) => listMarks(actor, db, projectId),
  getAgreement: (actor, db, { projectId }) => getAgreement(actor, db, projectId),
  cloneProject: (actor, db, { projectId }) => cloneProject(actor, db, projectId, { name: 'Copy', scope: 'everything' }),
  setArchived: (actor, db, { projectId }) => setArchived(actor, db, projectId, false),
  deleteProject: (actor, db, { projectId }) => deleteProject(actor, db, projectId, 'not its name'),
  listSettingsVersions: (actor, db, { projectId }) => listSettingsVersions(actor, db, projectId),
  getProgress: (actor, db, { projectId }) => getProgress(actor, db, projectId),
  getLedger: (actor, db, { projectId }) => getLedger(actor, db, projectId, {}),
  exportLedger: (actor, db, { projectId }) => exportLedger(actor, db, projectId, { format: 'csv' }),
  getWork: (actor, db, { projectId }) => getWork(actor, db, projectId),
  listGold: (actor, db, { projectId }) => listGold(actor, db, projectId),
  setGold: (actor, db, { projectId, promptId }) => setGold(actor, db, projectId, promptId, ''),
  removeGold: (actor, db, { projectId, promptId }) => removeGold(actor, db, projectId, promptId),
  viewAnswers: (actor, db, { projectId, promptId }) => viewAnswers(actor, db, projectId, promptId),
  reviewQueue: (actor, db, { projectId }) => reviewQueue(actor, db, projectId, { list: 'differing' }),
  saveDecision: (actor, db, { projectId, promptId }) =>
    saveDecision(actor, db, projectId, { promptId, baseVersion: 0, ...judgement() }),
  withdrawDecision: (actor, db, { projectId, promptId }) =>
    withdrawDecision(actor, db, projectId, { promptId, idempotencyKey: randomUUID(), baseVersion: 1, reason: '' }),
  sendBack: (actor, db, { projectId }) => sendBack(actor, db, projectId, { annotationId: randomUUID(), note: 'x' }),
  takeSentBack: (actor, db, { projectId }) => takeSentBack(actor, db, projectId, randomUUID()),
  listWebhooks: (actor, db, { projectId }) => listWebhooks(actor, db, projectId),
  createWebhook: (actor, db, { projectId }) =>
    createWebhook(actor, db, projectId, { url: 'https://example.org/', events: ['run.finished'] }),
  changeWebhook: (actor, db, { projectId }) =>
    changeWebhook(actor, db, { projectId, webhookId: randomUUID() }, { enabled: false }),
  rotateSecret: (actor, db, { projectId }) => rotateSecret(actor, db, { projectId, webhookId: randomUUID() }),
  deleteWebhook: (actor, db, { projectId }) => deleteWebhook(actor, db, { projectId, webhookId: randomUUID() }),
  listDeliveries: (actor, db, { projectId }) => listDeliveries(actor, db, { projectId, webhookId: randomUUID() }),
  queueDelivery: (actor, db, { projectId }) =>
    queueDelivery(actor, db, { projectId, webhookId: randomUUID() }, { kind: 'test' }),
  createSnapshot: (actor, db, { projectId }) => createSnapshot(actor, db, projectId, { name: 'x', strategy: 'full' }),
  previewSnapshot: (actor, db, { projectId }) => previewSnapshot(actor, db, projectId, { strategy: 'full' }),
  previewHeuristics: (actor, db, { projectId }) => previewHeuristics(actor, db, projectId, { labelPattern: null }),
  importSnapshot: (actor, db, { projectId }) => importSnapshot(actor, db, projectId, encode('{}')),
  listSnapshots: (actor, db, { projectId }) => listSnapshots(actor, db, projectId),
  getSnapshot: (actor, db, { snapshotId }) => getSnapshot(actor, db, snapshotId),
  compareSnapshots: (actor, db, { snapshotId }) =>
    compareSnapshots(actor, db, [snapshotId, snapshotId], { show: 'counts' }),
  getSnapshotContents: (actor, db, { snapshotId }) => getSnapshotContents(actor, db, snapshotId),
  renameSnapshot: (actor, db, { snapshotId }) => renameSnapshot(actor, db, snapshotId, { name: 'x' }),
  exportRecords: (actor, db, { snapshotId }) => exportSnapshot(actor, db, snapshotId, snapshotWriter('records')),
  exportPairs: (actor, db, { snapshotId }) => exportSnapshot(actor, db, snapshotId, snapshotWriter('pairs')),
  exportSnapshotFiles: (actor, db, { snapshotId }) =>
    exportSnapshotFiles(actor, db, snapshotId, { format: 'trl-conversational', people: 'pseudonyms' }),
  previewExport: (actor, db, { snapshotId }) =>
    previewExport(actor, db, snapshotId, { format: 'trl-conversational', people: 'pseudonyms' }),
  createRun: (actor, db, { projectId, snapshotId }) =>
    createRun(actor, db, projectId, createRunRequestSchema.parse({ snapshotId, modelId: 'demo' })),
  listRuns: (actor, db, { projectId }) => listRuns(actor, db, projectId),
  getRun: (actor, db, { runId }) => getRun(actor, db, runId),
  reportRun: (actor, db, { runId }) => reportRun(actor, db, runId, { step: 1, totalSteps: 1, metrics: [] }),
  saveScores: (actor, db, { runId }) => saveScores(actor, db, runId, { stage: 'before', scores: [] }),
  rerankRun: (actor, db, { runId }) => rerankRun(actor, db, runId, { offset: 0, limit: 1 }),
  storeRunFile: (actor, db, { runId }) =>
    storeRunFile(actor, db, runId, { name: 'x', sha256: 'a'.repeat(64), body: nothing() }),
  readRunFile: (actor, db, { runId }) => readRunFile(actor, db, runId, 'x'),
  finishRun: (actor, db, { runId }) => finishRun(actor, db, runId, { status: 'stopped' }),
};
/** What members do, annotators among them. */
const forMembers: Record<string, Call> = {
  getNextTasks: (actor, db, { projectId }) => getNextTasks(actor, db, projectId, { exclude: [], count: 1 }),
  getTask: (actor, db, { projectId, promptId }) => getTask(actor, db, projectId, promptId),
  listMyAnnotations: (actor, db, { projectId }) => listMyAnnotations(actor, db, projectId),
  getPace: (actor, db, { projectId }) => getPace(actor, db, projectId, new Date()),
  listMyMarks: (actor, db, { projectId }) => listMyMarks(actor, db, projectId),
  changeMark: (actor, db, { projectId, promptId }) =>
    changeMark(actor, db, projectId, { promptId, idempotencyKey: randomUUID(), kind: 'flagged', mark: null }),
  saveDraft: async (actor, db, { projectId, promptId }) => {
    const { annotation } = await getTask(actor, db, projectId, promptId);
    const content = { allBad: false, timeOnTaskMs: 0, placements: [] };
    return saveDraft(actor, db, projectId, promptId, { baseVersion: annotation?.version ?? 0, sequence: 1, content });
  },
};

describeOnEachDatabase('who may reach what', (database) => {
  it('researchers of the project all, annotators their tasks, people outside nothing, not even that it exists', async () => {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher, annotator, outsiders } = people;
    await importPrompts(researcher, db, projectId, promptFile(2));
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 's', strategy: 'annotations' });
    const request = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: 'demo' });
    const run = await createRun(researcher, db, projectId, request);
    const [mine] = (await listMyAnnotations(annotator, db, projectId)).annotations;
    const ids = { projectId, snapshotId: snapshot.id, runId: run.id, promptId: mine!.promptId };

    for (const [name, call] of Object.entries(forResearchers)) {
      for (const outsider of outsiders)
        expect((await refusal(call(outsider, db, ids), 'not_found')).message, name).not.toBe('');
      // An annotator may not even choose a model, so that refusal may come first; both say no.
      await refusal(call(annotator, db, ids), 'forbidden');
    }
    for (const call of Object.values(forMembers)) {
      for (const outsider of outsiders) await refusal(call(outsider, db, ids), 'not_found');
      await call(annotator, db, ids);
      await call(researcher, db, ids);
    }
    await refusal(listModels(annotator, db), 'forbidden');
    await refusal(readModelFile(annotator, db, 'demo', 'config.json'), 'forbidden');
    // Nothing of all that was refused has happened.
    expect((await listSnapshots(researcher, db, projectId)).snapshots).toHaveLength(1);
    expect((await getRun(researcher, db, run.id)).run.status).toBe('created');
    expect((await getNextTasks(annotator, db, projectId, { exclude: [], count: 9 })).progress).toEqual({
      done: 1,
      total: 2,
    });
  });

  it('nobody saves into a project that he or she is not in, and odd ids are simply not there', async () => {
    const db = database();
    const { projectId, researcher, outsiders } = await projectWithPeople(db);
    for (const actor of outsiders) {
      const body = {
        promptId: projectId,
        idempotencyKey: 'abcdefgh',
        baseVersion: 0,
        allBad: true,
        timeOnTaskMs: 0,
        placements: [],
      };
      await refusal(saveAnnotation(actor, db, projectId, body), 'not_found');
    }
    for (const id of ['', 'x', "' or 1=1", '00000000-0000-4000-8000-000000000000']) {
      await refusal(getSnapshot(researcher, db, id), 'not_found');
      await refusal(getRun(researcher, db, id), 'not_found');
      await refusal(getTask(researcher, db, projectId, id), 'not_found');
      await refusal(listRuns(researcher, db, id), 'not_found');
    }
  });
});
