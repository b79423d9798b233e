/** The messages between the page and the sampling worker. */

import type { Failure } from '@/components/train/failure';
import type { PromptResponse } from '@/trainer/contract/record';
import type { PromptChoice, SampleSettings } from './sample-form';

/** Page to worker: one `start`, and perhaps a `stop`, after which the worker still sends what it has sampled. */
export type SampleRequest =
  | {
      readonly type: 'start';
      readonly modelUrl: string;
      /** GET …/prompts, read page by page. */
      readonly promptsUrl: string;
      readonly prompts: PromptChoice;
      readonly source: string;
      readonly settings: SampleSettings;
    }
  | { readonly type: 'stop' };

export interface SampledPrompt {
  readonly promptId: string;
  readonly externalId: string;
  /** The prompt's last user message. */
  readonly question: string;
  readonly added: readonly PromptResponse[];
}

/** The numbers of samples that were left out, by reason, and of prompts that could not be sampled. */
export interface LeftOut {
  readonly empty: number;
  readonly duplicates: number;
  readonly beyond: number;
  readonly cut: number;
  readonly tooLong: number;
  readonly full: number;
}

export type SampleEvent =
  | { readonly type: 'backend'; readonly description: string }
  /** Counts samples; `total` is 0 while unknown. */
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly tokens: number }
  | { readonly type: 'prompts'; readonly prompts: readonly SampledPrompt[]; readonly leftOut: LeftOut }
  | { readonly type: 'done'; readonly stopped: boolean }
  | { readonly type: 'error'; readonly failure: Failure };
