/**
 * What the server does before its first request: it opens and migrates the database, and prints the link for the first
 * administrator while nobody has an account. cli/serve.ts runs in the same process but in another bundle, so it reads
 * the result from globalThis.
 */
import { getAuth } from '@/lib/auth/auth';
import { configuredOrigin } from '@/lib/auth/origin';
import { Refusal } from '@/lib/auth/refusal';
import { openBackupSocket } from '@/lib/backup/backup-socket';
import { deleteOldFailedSignIns } from '@/lib/db/audit';
import { closeDatabase, type Database, dataDir, openDatabase } from '@/lib/db/client';
import { sweepTemporaryFiles } from '@/lib/db/files';
import { DEAD_AFTER_MS, type JobRow } from '@/lib/db/jobs';
import { removeAbandonedProjects } from '@/lib/services/close-project';
import { deliverWebhooks } from '@/lib/services/deliver-webhooks';
import { createSetupInvite } from '@/lib/services/invites';
import { sweepImportFolders } from '@/lib/services/open-import';
import { sweepDeadJobs } from '@/lib/services/project-job';
import { resumeImport } from '@/lib/services/resume-imports';
import { sweepUploads } from '@/lib/services/uploads';

/** What this bundle passes to cli/serve.ts. */
export interface ServerHandle {
  /** Path of the first administrator's link; null when somebody has an account. */
  setupPath: string | null;
  close(): Promise<void>;
}

interface GlobalState {
  rescueServer?: ServerHandle;
  rescueStart?: Promise<void>;
}
const globalState = globalThis as GlobalState;

/** Runs once per process, called by cli/serve.ts, or by Next itself under `next dev`. */
export function startUp(): Promise<void> {
  globalState.rescueStart ??= start();
  return globalState.rescueStart;
}

async function start(): Promise<void> {
  const { db, whilePaused } = await openDatabase();
  // The embedded database's lock excludes other servers.
  await sweepImportFolders(process.env.DATABASE_URL ? HOUR_MS : 0);
  const backupSocket = whilePaused && (await openBackupSocket(dataDir(), whilePaused));
  await getAuth();
  const invite = await createSetupInvite(db);
  // Rows of killed jobs are invisible, so the start does not wait for their deletion, or for what comes after them.
  const resume = (row: JobRow) =>
    resumeImport(db, row).catch((error: unknown) => {
      if (!(error instanceof Refusal)) console.error('An import was not gone on with:', error);
    });
  const soleServer = !process.env.DATABASE_URL;
  const sweepJobs = () =>
    sweepDeadJobs(db, { soleServer, resume }).catch((error: unknown) =>
      console.error('What was left of killed work was not removed:', error),
    );
  void sweepJobs();
  // Where other servers may be running, a job of one that was killed a moment ago is not known to be dead yet.
  const jobSweeper = soleServer ? undefined : setInterval(sweepJobs, DEAD_AFTER_MS).unref();
  // The embedded database's lock excludes other servers.
  const abandonedAfter = process.env.DATABASE_URL ? 24 * HOUR_MS : 0;
  removeAbandonedProjects(db, abandonedAfter).catch((error: unknown) =>
    console.error('A deleted project was not removed:', error),
  );
  const sweeper = await startSweeper(db);
  const webhooks = startDelivering(db);
  const close = async () => {
    clearInterval(sweeper);
    clearInterval(jobSweeper);
    clearInterval(webhooks);
    await backupSocket?.close();
    await closeDatabase();
  };
  const handle: ServerHandle = { setupPath: invite ? `/invite/${invite.token}` : null, close };
  globalState.rescueServer = handle;
  // Under `next dev` cli/serve.ts does not run, so the link is printed here.
  if (process.env.NODE_ENV === 'development' && handle.setupPath) {
    const address = configuredOrigin() ?? `http://localhost:${process.env.PORT ?? 3000}`;
    console.log(`Open ${address}${handle.setupPath} to create the first administrator.`);
  }
}

const HOUR_MS = 60 * 60 * 1000;

async function sweepFailedSignIns(db: Database): Promise<void> {
  while (await deleteOldFailedSignIns(db));
}

/** Deletes expired uploads, temporary files and failed sign-ins of long ago, now and every hour. */
async function startSweeper(db: Database): Promise<NodeJS.Timeout> {
  // The embedded database's lock excludes other servers; with PostgreSQL another server may be writing.
  await sweepTemporaryFiles(process.env.DATABASE_URL ? HOUR_MS : 0);
  await sweepUploads(db);
  await sweepFailedSignIns(db);
  const sweep = () => {
    sweepUploads(db).catch((error: unknown) => console.error('Old uploads were not removed:', error));
    sweepFailedSignIns(db).catch((error: unknown) => console.error('Old sign-ins were not removed:', error));
  };
  return setInterval(sweep, HOUR_MS).unref();
}

const DELIVER_EVERY_MS = 2_000;

/** Sends what waits for webhooks, of which every server that uses this database takes some. */
function startDelivering(db: Database): NodeJS.Timeout {
  const deliver = () => {
    deliverWebhooks(db).catch((error: unknown) => console.error('Webhooks were not sent:', error));
  };
  return setInterval(deliver, DELIVER_EVERY_MS).unref();
}
