/** Explains in English, for the log, why the server did not start and what to do. */
import { causesOf } from '@/lib/db/error-causes';

export function describeStartFailure(error: unknown, dataDir: string, databaseUrl = process.env.DATABASE_URL): string {
  for (const cause of causesOf(error)) {
    const sentence = databaseUrl ? describePostgresFailure(cause.code, databaseUrl) : null;
    const known = sentence ?? describeFolderFailure(cause.code, dataDir);
    if (known) return known;
  }
  const message = error instanceof Error ? error.message : String(error);
  return message || 'The server did not start, and nothing says why.';
}

function describeFolderFailure(code: unknown, dataDir: string): string | null {
  const other = 'Give it another folder with --data-dir or DATA_DIR.';
  switch (code) {
    case 'EROFS':
      return `The data directory ${dataDir} lies on a file system that can only be read. ${other}`;
    case 'ENOENT':
      return `The data directory ${dataDir} cannot be made: its file system can only be read, or has no such place. ${other}`;
    case 'EACCES':
    case 'EPERM':
      return `The data directory ${dataDir} may not be written by this user. Change its owner or its rights, or: ${other}`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `The data directory ${dataDir} is no folder. ${other}`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk of the data directory ${dataDir} is full. Make room on it. ${other}`;
    default:
      return null;
  }
}

function describePostgresFailure(code: unknown, databaseUrl: string): string | null {
  if (!URL.canParse(databaseUrl)) {
    return 'DATABASE_URL is no address of a PostgreSQL: it looks like postgres://USER:PASSWORD@HOST:5432/NAME.';
  }
  const { hostname, port, pathname } = new URL(databaseUrl);
  const server = `PostgreSQL at ${hostname}:${port || 5432}`;
  switch (code) {
    case 'ECONNREFUSED':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ECONNRESET':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${server} does not answer (${code}). Start it, or correct DATABASE_URL.`;
    case '57P03':
      return `${server} is still starting. Try again in a moment.`;
    case '28000':
    case '28P01':
      return `${server} refuses the user or the password in DATABASE_URL.`;
    case '3D000':
      return `${server} has no database ${pathname.slice(1)}. Create it, or correct DATABASE_URL.`;
    case '42501':
      return `${server}: the user in DATABASE_URL may not create tables in ${pathname.slice(1)}.`;
    case '53100':
      return `The disk of ${server} is full.`;
    default:
      return null;
  }
}
