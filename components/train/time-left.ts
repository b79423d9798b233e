/**
 * Estimates the time left of a run from the steps observed so far.
 *
 * A plain "elapsed / done" mean never recovers from a slow first step (wasm compiles, kernels warm up) and a plain
 * last-step rate jumps with every long prompt, so a step's time is an exponential moving average, bias-corrected as
 * in Adam so that the first few steps already read right.
 */

import type { Translator } from '@/lib/i18n/translator';

/** The weight of the previous estimate per step: the average spans about 20 steps. */
const DECAY = 0.95;

export interface TimeLeft {
  /** Moving average of milliseconds per step, before bias correction. */
  readonly average: number;
  /** DECAY to the power of the number of observed steps. */
  readonly weight: number;
  /** Step and clock of the last observation; null before the first. */
  readonly last: { readonly step: number; readonly atMs: number } | null;
}

export const noTimeLeft: TimeLeft = { average: 0, weight: 1, last: null };

/**
 * Records that `step` was complete at `atMs` (any monotonic clock, milliseconds).
 * The first observation only sets the clock. Steps at or behind the last one change nothing.
 */
export function observeStep(state: TimeLeft, step: number, atMs: number): TimeLeft {
  if (state.last === null) return { ...state, last: { step, atMs } };
  const steps = step - state.last.step;
  if (steps <= 0) return state;
  const perStep = Math.max(0, atMs - state.last.atMs) / steps;
  const keep = DECAY ** steps;
  return {
    average: state.average * keep + perStep * (1 - keep),
    weight: state.weight * keep,
    last: { step, atMs },
  };
}

/** Milliseconds per step, or null before two observations. */
export function millisecondsPerStep(state: TimeLeft): number | null {
  return state.weight === 1 ? null : state.average / (1 - state.weight);
}

/** Milliseconds until `totalSteps`, or null while unknown. */
export function millisecondsLeft(state: TimeLeft, totalSteps: number): number | null {
  const perStep = millisecondsPerStep(state);
  if (perStep === null || state.last === null) return null;
  return Math.max(0, totalSteps - state.last.step) * perStep;
}

/** A rounded duration: "less than 10 seconds", "about 40 seconds", "about 3 minutes", "about 1 hour 20 minutes". */
export function durationInWords(milliseconds: number, t: Translator<'train'>): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return t('duration.moment');
  if (seconds < 55) return t('duration.seconds', { seconds: Math.round(seconds / 10) * 10 });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('duration.minutes', { minutes: Math.max(1, minutes) });
  const rounded = Math.round(minutes / 10) * 10;
  const hours = Math.floor(rounded / 60);
  const rest = rounded % 60;
  return rest === 0 ? t('duration.hours', { hours }) : t('duration.hoursMinutes', { hours, minutes: rest });
}
