import type { ImportedPrompt } from '../schemas/prompt-import';

/** The line of an import file that is parsed as this prompt, without its newline. */
export function serializePrompt(prompt: ImportedPrompt): string {
  const { externalId, messages, documents, responses, referenceLabel } = prompt;
  return JSON.stringify({
    external_id: externalId,
    prompt: messages,
    ...(documents.length > 0 ? { documents } : {}),
    responses,
    ...(referenceLabel === undefined ? {} : { reference_label: referenceLabel }),
  });
}
