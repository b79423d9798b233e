/**
 * What the server does before its first request: open and migrate the database, and print the link for the first
 * administrator while nobody has an account. cli/serve.ts, which runs in the same process but in another bundle,
 * reads the results from globalThis.
 */
import { getAuth } from '@/lib/auth/auth';
import { configuredOrigin } from '@/lib/auth/origin';
import { closeDatabase, getDb } from '@/lib/db/client';
import { createSetupInvite } from '@/lib/services/invites';

/** What the two bundles of one process tell each other. */
export interface ServerHandle {
  /** Path of the first administrator's link, null when there is an account. */
  setupPath: string | null;
  close(): Promise<void>;
}

interface Held {
  rescueServer?: ServerHandle;
  rescueStart?: Promise<void>;
}
const held = globalThis as Held;

/** Once a process, whoever asks first: cli/serve.ts, or Next itself under `next dev`. */
export function startUp(): Promise<void> {
  held.rescueStart ??= start();
  return held.rescueStart;
}

async function start(): Promise<void> {
  const db = await getDb();
  await getAuth();
  const invite = await createSetupInvite(db);
  const handle: ServerHandle = { setupPath: invite ? `/invite/${invite.token}` : null, close: closeDatabase };
  held.rescueServer = handle;
  // `next dev` has nobody else to say it.
  if (process.env.NODE_ENV === 'development' && handle.setupPath) {
    const address = configuredOrigin() ?? `http://localhost:${process.env.PORT ?? 3000}`;
    console.log(`Open ${address}${handle.setupPath} to create the first administrator.`);
  }
}
