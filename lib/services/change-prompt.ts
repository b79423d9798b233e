/** Correcting, withdrawing and restoring prompts and responses. Nothing that people said is changed by it. */
import { isDeepStrictEqual } from 'node:util';
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, invalid, notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { lockPlaces } from '@/lib/db/coverage';
import { hasRunningJob } from '@/lib/db/jobs';
import {
  changesOfPrompt,
  insertPromptChange,
  raiseTextVersion,
  reachOfChange,
  setMessages,
  setPromptWithdrawn,
  setResponseText,
  setResponseWithdrawn,
} from '@/lib/db/prompt-changes';
import { everyResponseOf, lockPrompts, type PromptRow, promptOfProject, type ResponseRow } from '@/lib/db/prompts';
import type { ChangeablePrompt, ChangePrompt } from '@/lib/schemas/prompt-change';
import { importLimits } from '@/lib/schemas/prompt-import';
import type { PromptId, ResponseId } from '@/trainer/contract/ids';
import { foldedText } from '@/trainer/data/response-text';
import { endDecision } from './decide';
import { noteWhatFollows } from './note-what-follows';

/** A prompt's texts, what a change would touch, and what was changed before. */
export async function getChangeablePrompt(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: PromptId,
): Promise<ChangeablePrompt> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const prompt = await promptOfProject(db, projectId, requireUuid(promptId));
  if (!prompt) throw notFound();
  return changeablePrompt(db, prompt);
}

async function changeablePrompt(db: Database, prompt: PromptRow): Promise<ChangeablePrompt> {
  const { id: promptId, projectId, externalId, textVersion, priority, withdrawnAt, messages } = prompt;
  const responses = (await everyResponseOf(db, [promptId])).get(promptId)!;
  const changes = await changesOfPrompt(db, promptId);
  return {
    promptId,
    externalId,
    textVersion,
    priority,
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    messages,
    responses: responses.map(({ id, externalId: name, source, text, withdrawnAt: since }) => ({
      id,
      externalId: name,
      source,
      text,
      withdrawnAt: since?.toISOString() ?? null,
    })),
    reach: await reachOfChange(db, projectId, promptId),
    changes: changes.map(({ change: { kind, note, judgeAgain, createdAt }, by, response }) => ({
      kind,
      response,
      note,
      judgeAgain,
      by,
      at: createdAt.toISOString(),
    })),
  };
}

/**
 * Changes a prompt, and keeps what it was: annotations made before show the texts that they judged.
 * @returns the prompt as it is now
 * @throws Refusal 'conflict' where the texts have changed since, or where it is withdrawn (or in use) already, or while a
 * job works on the project; 'invalid' for a text that changes nothing or that another response has, and where fewer
 * responses would be left than a prompt needs
 */
export async function changePrompt(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: PromptId,
  change: ChangePrompt,
): Promise<ChangeablePrompt> {
  const { project } = await authorizeInProject(db, actor, 'project.edit', projectId);
  return db.transaction(async (tx) => {
    await lockPrompts(tx, [requireUuid(promptId)]);
    const prompt = await promptOfProject(tx, projectId, promptId);
    if (!prompt) throw notFound('noSuchPrompt');
    if (await hasRunningJob(tx, projectId)) throw conflict('workGoesOn');
    const responses = (await everyResponseOf(tx, [promptId])).get(promptId)!;
    const changed = await (change.kind === 'correct' ? correct : withdrawOrRestore)(
      tx,
      prompt,
      responses,
      change as never,
    );
    const { response, ...row } = changed;
    const common = {
      projectId,
      promptId,
      responseId: response?.id ?? null,
      note: change.note,
      changedBy: actor.userId,
    };
    await insertPromptChange(tx, { ...common, textVersion: prompt.textVersion, ...row });
    await noteWhatFollows(tx, project, await lockPlaces(tx, promptId));
    if (row.kind === 'corrected' && row.judgeAgain) await endDecision(tx, actor, prompt, change.note);
    const details = { project: project.name, prompt: prompt.externalId, response: response?.externalId ?? null };
    await recordAudit(tx, { kind: `prompt_${row.kind}`, actorId: actor.userId, details });
    return changeablePrompt(tx, (await promptOfProject(tx, projectId, promptId))!);
  });
}

interface Correction {
  kind: 'corrected';
  response: ResponseRow | null;
  judgeAgain: boolean;
  textBefore?: string;
  messagesBefore?: PromptRow['messages'];
}

async function correct(
  tx: Database,
  prompt: PromptRow,
  responses: readonly ResponseRow[],
  { text: corrected, judgeAgain, textVersion }: Extract<ChangePrompt, { kind: 'correct' }>,
): Promise<Correction> {
  if (textVersion !== prompt.textVersion) throw conflict('textChangedSince');
  if ('messages' in corrected) {
    if (isDeepStrictEqual(corrected.messages, prompt.messages)) throw invalid('textUnchanged');
    await setMessages(tx, prompt.id, corrected.messages);
    await raiseTextVersion(tx, prompt.id, judgeAgain);
    return { kind: 'corrected', response: null, judgeAgain, messagesBefore: prompt.messages };
  }
  const response = responseOf(responses, corrected.responseId);
  const { text } = corrected;
  if (text === response.text) throw invalid('textUnchanged');
  const saysTheSame = (of: string) =>
    responses.find(({ id, text: other }) => id !== response.id && foldedText(other) === foldedText(of));
  const twin = saysTheSame(text);
  if (twin) throw invalid('textOfAnother', { response: twin.externalId });
  // Responses that say the same were judged as one; from now on they differ, and nobody has said how.
  const again = judgeAgain || saysTheSame(response.text) !== undefined;
  await setResponseText(tx, response.id, text);
  await raiseTextVersion(tx, prompt.id, again);
  return { kind: 'corrected', response, judgeAgain: again, textBefore: response.text };
}

async function withdrawOrRestore(
  tx: Database,
  prompt: PromptRow,
  responses: readonly ResponseRow[],
  { kind, responseId }: Extract<ChangePrompt, { kind: 'withdraw' | 'restore' }>,
): Promise<{ kind: 'withdrawn' | 'restored'; response: ResponseRow | null }> {
  const withdrawn = kind === 'withdraw';
  const response = responseId === undefined ? null : responseOf(responses, responseId);
  if (((response ?? prompt).withdrawnAt !== null) === withdrawn) {
    throw conflict(withdrawn ? 'withdrawnAlready' : 'notWithdrawn');
  }
  if (response) {
    const left = responses.filter(({ id, withdrawnAt }) => id !== response.id && withdrawnAt === null).length;
    const least = importLimits.minResponses;
    if (withdrawn && left < least) throw invalid('tooFewResponsesLeft', { least });
    await setResponseWithdrawn(tx, response.id, withdrawn);
  } else await setPromptWithdrawn(tx, prompt.id, withdrawn);
  return { kind: withdrawn ? 'withdrawn' : 'restored', response };
}

function responseOf(responses: readonly ResponseRow[], id: ResponseId): ResponseRow {
  const response = responses.find((one) => one.id === id);
  if (!response) throw notFound('noSuchResponse');
  return response;
}
