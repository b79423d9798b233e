/**
 * Prompts to sample answers for: import files, and so a snapshot's records, too. Responses may be missing altogether: a
 * list of questions is enough.
 */
import { message } from '../contract/message';
import type { SnapshotRecord } from '../contract/record';
import { isBlank } from './response-text';
import { DataFileError, type RecordFile, readRecordLines } from './snapshot';

export type PromptLine = Pick<SnapshotRecord, 'id' | 'prompt' | 'documents' | 'responses' | 'reference_label'>;

/** `fileName` is for messages. Throws DataFileError at the first bad line, and at a text with nothing in it. */
export function readPromptLines(bytes: Uint8Array, fileName: string): RecordFile<PromptLine> {
  const file = readRecordLines(bytes, fileName, { responses: 'optional' });
  file.records.forEach(({ prompt, documents = [], responses }, i) => {
    const blank =
      blankAt(prompt, 'prompt', ({ content }) => content) ??
      blankAt(documents, 'documents', ({ text }) => text) ??
      blankAt(responses, 'responses', ({ text }) => text);
    if (blank === null) return;
    const reason = message('fieldProblem', { field: blank, reason: message('mustNotBeEmpty') });
    throw new DataFileError(message('inFile', { file: `${fileName}:${file.lines[i]}`, reason }));
  });
  return file;
}

function blankAt<T>(items: readonly T[], name: string, textOf: (item: T) => string): string | null {
  const index = items.findIndex((item) => isBlank(textOf(item)));
  return index === -1 ? null : `${name}[${index}]`;
}

/** The line without its newline, as the app's import reads it. */
export function serializePromptLine({ id, prompt, documents, responses, reference_label }: PromptLine): string {
  return JSON.stringify({
    external_id: id,
    prompt,
    documents,
    responses: responses.map(({ id: name, text, source, label }) => ({ id: name, text, source, label })),
    reference_label,
  });
}
