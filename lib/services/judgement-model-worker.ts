/**
 * The thread that estimates how a project's people judge; cli/build.mjs bundles it. It takes pages of judgements, and
 * answers the last message with the model.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { estimateJudgementModel, type ResponseJudgement } from '@/lib/ranking/posterior/judgement-model';

export type JudgementModelInput = { judgements: readonly ResponseJudgement[] } | 'estimate';

const { tierCount } = workerData as { tierCount: number };
const judgements: ResponseJudgement[] = [];

parentPort!.on('message', (input: JudgementModelInput) => {
  if (input === 'estimate') parentPort!.postMessage(estimateJudgementModel(judgements, tierCount));
  else {
    for (const one of input.judgements) judgements.push(one);
    // Asks for the next page, so that no more than one waits.
    parentPort!.postMessage('next');
  }
});
