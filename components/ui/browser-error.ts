import type { Messages } from 'next-intl';

export type BrowserErrorCode = keyof Messages['ui']['failures'];

/** A failure in this browser that people read in their own language: `ui.failures` has the sentence of each code. */
export class BrowserError extends Error {
  constructor(
    readonly code: BrowserErrorCode,
    readonly values: Record<string, string | number> = {},
  ) {
    super(code);
    this.name = 'BrowserError';
  }
}
