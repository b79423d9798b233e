/**
 * The key that signs session cookies: AUTH_SECRET, else one that the first start generates and stores in
 * DATA_DIR/secret, readable by the server's user only.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDir } from '@/lib/db/client';

const MIN_LENGTH = 32;

/** @throws Error when the configured or stored secret is too short */
export async function authSecret(folder = dataDir()): Promise<string> {
  const configured = process.env.AUTH_SECRET;
  if (configured !== undefined && configured !== '') return requireLength(configured, 'AUTH_SECRET');
  const path = join(folder, 'secret');
  const stored = await readSecret(path);
  if (stored !== null) return requireLength(stored, path);
  await mkdir(folder, { recursive: true });
  // link() publishes the complete file, so that two servers that start at once end up with the same secret.
  const temporaryPath = `${path}.${randomUUID()}`;
  await writeFile(temporaryPath, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  try {
    await link(temporaryPath, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(temporaryPath);
  }
  return requireLength((await readSecret(path)) ?? '', path);
}

async function readSecret(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function requireLength(secret: string, where: string): string {
  if (secret.length < MIN_LENGTH) throw new Error(`${where} needs at least ${MIN_LENGTH} characters.`);
  return secret;
}
