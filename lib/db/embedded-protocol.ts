/** The messages between the server's thread and the embedded database's thread. */
export type EmbeddedRequest =
  | { id: number; type: 'query'; text: string; params: unknown[]; rowMode: 'array' | 'object' }
  | { id: number; type: 'exec'; text: string }
  | { id: number; type: 'close' };

/** The worker's first message is `opened`, or why it could not open; then one answer per request. */
export type EmbeddedAnswer =
  | { opened: true }
  | { opened: false; error: EmbeddedError }
  | { id: number; result: unknown }
  | { id: number; error: EmbeddedError };

/**
 * An error as it crosses between threads: message and name, with PostgreSQL's fields (code, constraint, detail ...).
 */
export interface EmbeddedError extends Record<string, unknown> {
  name: string;
  message: string;
}

export function packError(error: unknown): EmbeddedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const fields = Object.entries(error).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return { ...Object.fromEntries(fields), name: error.name, message: error.message };
}

export function unpackError({ message, ...fields }: EmbeddedError): Error {
  return Object.assign(new Error(message), fields);
}
