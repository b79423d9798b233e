/** An error and its chain of causes, including those inside an AggregateError. */
export function* causesOf(error: unknown): Generator<Error & { code?: unknown }> {
  for (let current = error; current instanceof Error; current = current.cause) {
    yield current;
    if (current instanceof AggregateError) for (const one of current.errors) yield* causesOf(one);
  }
}

/** Codes of the operating system and of PostgreSQL for a database that cannot be reached at the moment. */
const AWAY = /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|57P0\d|53300|08\w{3})$/;

/** Whether one of an error's causes says that the database cannot be reached. */
export const saysAway = ({ code, message }: { code?: unknown; message: string }): boolean =>
  (typeof code === 'string' && AWAY.test(code)) ||
  // pg reports a connection that ends during a query without a code.
  /^Connection terminated|timeout exceeded when trying to connect/.test(message);

/** What may succeed when it is tried again: the database was away, or two transactions got in each other's way. */
export function isPassing(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    if (saysAway(cause) || cause.code === '40001' || cause.code === '40P01') return true;
  }
  return false;
}
