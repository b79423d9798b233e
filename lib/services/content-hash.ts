import { createHash } from 'node:crypto';
import { promptContent } from '@/lib/formats/prompts-jsonl';
import type { ImportedPrompt } from '@/lib/schemas/prompt-import';

/** By which a prompt of a file is the same as one that is there. */
export const contentHashOf = (prompt: ImportedPrompt): string =>
  createHash('sha256').update(promptContent(prompt)).digest('hex');
