import { homedir } from 'node:os';
import { join } from 'node:path';

/** RESCUE_CACHE, or the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.RESCUE_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rescue');
}
