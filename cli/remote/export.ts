/** `rescue export --server`: the archive that the server makes, as it is or unpacked. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import type { ExportQuery } from '../../lib/schemas/export';
import { isHashBeginning } from '../../lib/schemas/snapshot';
import type { ListedSnapshot } from '../../lib/services/export-from-command-line';
import { CommandError, type CommandIo } from '../../trainer/cli/command-line';
import { isId, listSnapshots } from './find';
import type { ServerApi } from './server-api';

export interface WantedExport {
  snapshot: string;
  query: ExportQuery;
  out: string;
}

/** @returns what was written, or the snapshots of this name where they are several or none */
export async function exportFromServer(
  server: ServerApi,
  { snapshot, query, out }: WantedExport,
  project: string | undefined,
  io: CommandIo,
): Promise<{ snapshot: string; hash: string } | { snapshots: ListedSnapshot[] }> {
  const found = isId(snapshot) ? [{ id: snapshot, name: snapshot }] : await named(server, snapshot, project);
  const [one, another] = found;
  if (!one || another) return { snapshots: found as ListedSnapshot[] };
  const { format, columns, people } = query;
  const asked = new URLSearchParams({ format, people, ...(columns && { columns: columns.join(',') }) });
  const answer = await server.response('GET', `/snapshots/${one.id}/export?${asked}`);
  await writeArchive(answer, out, io);
  return { snapshot: one.name, hash: answer.headers.get('x-snapshot-hash') ?? '' };
}

async function named(server: ServerApi, snapshot: string, project: string | undefined): Promise<ListedSnapshot[]> {
  return (await listSnapshots(server, project)).filter(
    ({ name, hash }) => name === snapshot || (isHashBeginning(snapshot) && hash.startsWith(snapshot)),
  );
}

/** A folder or an archive gets its name when it is complete. */
async function writeArchive(answer: Response, out: string, io: CommandIo): Promise<void> {
  const archive = `${resolve(out)}.${process.pid}.part.zip`;
  const folder = `${resolve(out)}.${process.pid}.part`;
  try {
    await mkdir(dirname(archive), { recursive: true });
    await pipeline(counted(answer, io), createWriteStream(archive)).catch((error: Error) => {
      throw new CommandError(`the archive broke off (${error.message}); nothing was written`);
    });
    if (out.endsWith('.zip')) await rename(archive, out);
    else {
      await unpack(archive, folder);
      await rename(folder, out);
    }
  } finally {
    await rm(archive, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

const SHOWN_EVERY_BYTES = 2 ** 24;

async function* counted(answer: Response, { stderr }: CommandIo): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let shown = 0;
  for await (const piece of answer.body ?? []) {
    yield piece;
    bytes += piece.length;
    if (bytes - shown < SHOWN_EVERY_BYTES) continue;
    shown = bytes;
    const text = `export ${Math.round(bytes / 2 ** 20)} MB`;
    stderr.write(stderr.isTTY ? `\r${text}\x1b[K` : `${text}\n`);
  }
  if (shown > 0 && stderr.isTTY) stderr.write('\n');
}

/** The reader refuses names that lead out of the folder. */
async function unpack(archive: string, folder: string): Promise<void> {
  const zip = await yauzl.openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      const target = join(folder, entry.fileName);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    }
  } finally {
    zip.close();
  }
}
