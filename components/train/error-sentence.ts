/**
 * A failure of the trainer as a sentence: its messages start in lower case because the command line puts a file name
 * before them.
 */
export function errorSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.trim() || 'The training failed without saying why.';
  const sentence = text[0]!.toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
