import { MAX_NAMED_PROMPTS } from '@/lib/schemas/assignment-rules';

/** The prompts that a text names, one a line, each once; as many as one request may name. */
export function namedPrompts(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line !== '').slice(0, MAX_NAMED_PROMPTS);
}
