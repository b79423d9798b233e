/**
 * Finds a label in a response's text by a pattern that somebody typed. RE2's syntax, matched in time linear in the text
 * whatever the pattern is: no look-around, no back-references.
 */
import { RE2JS } from 're2js';
import type { ImportedPrompt } from '../schemas/prompt-import';

/** Instructions of a compiled pattern: with the characters below, they bound the work for a text. */
const MAX_PROGRAM = 500;
/** A label is looked for in the end of a text, where answers are. */
const MAX_CHARACTERS = 4000;
const MAX_LABEL = 200;
/** Half a surrogate pair, which cutting may leave. */
const HALF_AT_START = /^[\uDC00-\uDFFF]/;

export type LabelPattern = (text: string) => string | undefined;

/**
 * @returns what finds the last match in a text: its first group where there is one, else all of it; without white space
 * at its ends, undefined where nothing is left
 * @throws PatternError
 */
export function compileLabelPattern(source: string): LabelPattern {
  const pattern = compiled(source);
  if (pattern.programSize() > MAX_PROGRAM) throw new PatternError(null);
  const group = pattern.groupCount() > 0 ? 1 : 0;
  return (text) => {
    const matcher = pattern.matcher(text.slice(-MAX_CHARACTERS).replace(HALF_AT_START, ''));
    let found: string | null = null;
    while (matcher.find()) found = matcher.group(group) ?? found;
    const label = [...(found ?? '')].slice(0, MAX_LABEL).join('').trim();
    return label === '' ? undefined : label;
  };
}

/** A pattern that is none, or that would take too long; `detail` is what the library says of it. */
export class PatternError extends Error {
  constructor(readonly detail: string | null) {
    super(detail ?? 'The pattern is too large.');
  }
}

function compiled(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.MULTILINE);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The prompt with labels for responses that came without one. A label that differs from the reference in letter case
 * alone takes the reference's form, since labels are compared as they are written.
 */
export function withFoundLabels(prompt: ImportedPrompt, find: LabelPattern): ImportedPrompt {
  const { referenceLabel } = prompt;
  const folded = referenceLabel?.trim().toLowerCase();
  const responses = prompt.responses.map((response) => {
    if (response.label !== undefined) return response;
    const found = find(response.text);
    if (found === undefined) return response;
    return { ...response, label: found.toLowerCase() === folded ? referenceLabel! : found };
  });
  return { ...prompt, responses };
}
