import { openApiDocument } from '../openapi';
import { pythonClient } from './python-client';
import { typescriptClient } from './typescript-client';

/** The names by which the examples import the clients. */
const writers = { 'rescue_studio.py': pythonClient, 'rescue-studio.ts': typescriptClient };

/** A client by its file's name; null where there is none. It holds no server's address. */
export function clientFile(name: string): string | null {
  if (!Object.hasOwn(writers, name)) return null;
  return writers[name as keyof typeof writers](openApiDocument(''));
}
