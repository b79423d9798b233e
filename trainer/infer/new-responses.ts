/** Selects the answers of a model that become new responses of a prompt. */
import type { PromptResponse } from '../contract/record';
import { foldedText, isBlank } from '../data/response-text';
import { answerLabel } from './answer-label';
import type { Sample } from './sample-responses';

export interface NewResponses {
  readonly added: readonly PromptResponse[];
  /** Answers without visible text. */
  readonly empty: number;
  /** Answers equal to a response of the prompt, up to white space and Unicode normal form. */
  readonly duplicates: number;
  /** Answers beyond the limit of `most` responses. */
  readonly beyond: number;
  /** Added answers that were cut off by the token limit. */
  readonly cut: number;
}

/** `most`: most responses of a prompt, existing and new together. */
export function newResponses(
  existing: readonly { readonly id: string; readonly text: string }[],
  samples: readonly Sample[],
  { source, most }: { readonly source: string; readonly most: number },
): NewResponses {
  const ids = new Set(existing.map(({ id }) => id));
  const texts = new Set(existing.map(({ text }) => foldedText(text)));
  const added: PromptResponse[] = [];
  const dropped = { empty: 0, duplicates: 0, beyond: 0 };
  let cut = 0;
  for (const { text: written, stopped } of samples) {
    // A byte-level vocabulary can write NUL, which no database keeps.
    const text = written.replaceAll('\u0000', '').trim();
    if (isBlank(text)) dropped.empty++;
    else if (texts.has(foldedText(text))) dropped.duplicates++;
    else if (existing.length + added.length >= most) dropped.beyond++;
    else {
      texts.add(foldedText(text));
      const id = freeId(ids);
      ids.add(id);
      const label = answerLabel(text);
      added.push({ id, text, source, ...(label === null ? {} : { label }) });
      if (stopped !== 'eos') cut++;
    }
  }
  return { added, ...dropped, cut };
}

function freeId(taken: ReadonlySet<string>): string {
  let n = 1;
  while (taken.has(`sample-${n}`)) n++;
  return `sample-${n}`;
}
