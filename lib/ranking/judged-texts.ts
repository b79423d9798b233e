import type { ChatMessage } from '@/trainer/contract/record';

/** A correction: what a text was, up to and including a version. */
export interface Correction {
  /** Null: the prompt's messages. */
  responseId: string | null;
  textVersion: number;
  textBefore: string | null;
  messagesBefore: ChatMessage[] | null;
}

/**
 * The texts that a board of this version showed, where they have been corrected since: by response, and the prompt's.
 * @param corrections of one prompt, the oldest first; undefined: none
 */
export function judgedTexts(
  corrections: readonly Correction[] | undefined,
  version: number,
): { responses: Map<string, string>; messages: ChatMessage[] | null } {
  const responses = new Map<string, string>();
  let messages: ChatMessage[] | null = null;
  for (const { responseId, textVersion, textBefore, messagesBefore } of corrections ?? []) {
    if (textVersion < version) continue;
    if (responseId === null) messages ??= messagesBefore;
    else if (textBefore !== null && !responses.has(responseId)) responses.set(responseId, textBefore);
  }
  return { responses, messages };
}
