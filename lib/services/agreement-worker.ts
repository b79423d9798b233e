/**
 * The thread that measures a project's agreement, which takes seconds where a project is large; cli/build.mjs bundles
 * it. It takes pages of judged prompts, and answers the last message with the report.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type JudgedPrompt, Study } from '@/lib/ranking/study';

export type AgreementInput = { prompts: readonly JudgedPrompt[] } | { finish: { seed: number; resamples: number } };

const { tierCount } = workerData as { tierCount: number };
const study = new Study(tierCount);

parentPort!.on('message', (input: AgreementInput) => {
  if ('finish' in input) parentPort!.postMessage(study.report(input.finish));
  else {
    for (const prompt of input.prompts) study.add(prompt);
    // Asks for the next page, so that no more than one waits.
    parentPort!.postMessage('next');
  }
});
