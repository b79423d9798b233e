/**
 * `rescue export`, in a bundle of its own, since the trainer's commands must not load a database. A folder or an archive
 * gets its name when it is complete.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type WrittenFile, zipFiles } from '../lib/containers/zip-files';
import { columnsWithout } from '../lib/formats/exports/readme';
import { exporters } from '../lib/formats/exports/registry';
import { exportFormats, exportQuerySchema } from '../lib/schemas/export';
import { type ListedSnapshot, withSnapshotFiles, withSnapshots } from '../lib/services/export-from-command-line';
import { CommandError, type CommandIo, checkOutputPath, parseOptions, required } from '../trainer/cli/command-line';
import { exportFromServer, type WantedExport } from './remote/export';
import { listSnapshots } from './remote/find';
import { openServer, type ServerApi, serverOptions } from './remote/server-api';
import { assertDatabaseIn, setProjectRoot } from './server-folder';

const text = { type: 'string' } as const;

export async function exportSnapshot(argv: readonly string[], io: CommandIo): Promise<number> {
  const options = { snapshot: text, format: text, out: text, columns: text, people: text, 'data-dir': text };
  const values = parseOptions(argv, { ...options, ...serverOptions, project: text, list: { type: 'boolean' } });
  const wanted = values.list ? null : readWanted(values);
  if (values.server ?? process.env.RESCUE_SERVER) return exportOver(openServer(values, io), wanted, values.project, io);
  if (values.project !== undefined) throw new CommandError('--project goes with --server', 2);
  setProjectRoot();
  if (values['data-dir'] !== undefined) process.env.DATA_DIR = values['data-dir'];
  if (!process.env.DATABASE_URL) await assertDatabaseIn(resolve(process.env.DATA_DIR || 'data'));
  if (!wanted) {
    await withSnapshots(async (snapshots) => io.stdout(snapshots.map(line).join('')));
    return 0;
  }
  const { snapshot, query, out } = wanted;
  await assertNew(out);
  const found = await withSnapshotFiles(snapshot, query, (files) => writeComplete(files, out));
  if ('snapshots' in found) throw notOne(snapshot, found.snapshots);
  io.stdout(`${JSON.stringify({ snapshot: found.snapshot.name, hash: found.snapshot.hash, out })}\n`);
  return 0;
}

async function exportOver(
  server: ServerApi,
  wanted: WantedExport | null,
  project: string | undefined,
  io: CommandIo,
): Promise<number> {
  if (!wanted) {
    io.stdout((await listSnapshots(server, project)).map(line).join(''));
    return 0;
  }
  await assertNew(wanted.out);
  const found = await exportFromServer(server, wanted, project, io);
  if ('snapshots' in found) throw notOne(wanted.snapshot, found.snapshots);
  io.stdout(`${JSON.stringify({ ...found, out: wanted.out })}\n`);
  return 0;
}

async function assertNew(out: string): Promise<void> {
  await checkOutputPath(out, out.endsWith('.zip') ? 'file' : 'folder');
  if (await exists(out)) throw new CommandError(`--out ${out}: it exists already`);
}

const notOne = (named: string, snapshots: readonly ListedSnapshot[]) =>
  new CommandError(
    snapshots.length === 0
      ? `there is no snapshot "${named}"; "rescue export --list" lists them`
      : `"${named}" is the name of several snapshots; name one by its id:\n${snapshots.map(line).join('')}`,
  );

function readWanted(values: {
  snapshot?: string;
  format?: string;
  out?: string;
  columns?: string;
  people?: string;
}): WantedExport {
  const format = required(values.format, '--format');
  const { columns, people } = values;
  const given = { format, ...(columns === undefined ? {} : { columns }), ...(people === undefined ? {} : { people }) };
  const query = exportQuerySchema.safeParse(given);
  if (!query.success) {
    const option = String(query.error.issues[0]!.path[0]);
    const known =
      option === 'format' ? `: it may be ${exportFormats.join(', ')}` : '; "rescue export --help" lists them';
    throw new CommandError(`--${option} is "${values[option as 'format']}"${known}`, 2);
  }
  const exporter = exporters[query.data.format];
  const [unknown] = columnsWithout(exporter, query.data.columns ?? []);
  if (unknown) {
    const may = exporter.columns.join(', ') || 'none';
    throw new CommandError(`--columns: ${format} has no column "${unknown}"; it may have ${may}`, 2);
  }
  if (query.data.people === 'names' && !exporter.namesPeople) {
    throw new CommandError(`--people: ${format} names nobody`, 2);
  }
  return {
    snapshot: required(values.snapshot, '--snapshot'),
    query: query.data,
    out: required(values.out, '--out'),
  };
}

const line = ({ id, project, name, hash, pairs }: ListedSnapshot) =>
  `${id}  ${hash.slice(0, 12)}  ${pairs} pairs  ${project}: ${name}\n`;

async function writeComplete(files: AsyncGenerator<WrittenFile>, out: string): Promise<void> {
  const temporary = `${resolve(out)}.${process.pid}.part`;
  try {
    if (out.endsWith('.zip')) await pipeline(zipFiles(files), createWriteStream(temporary));
    else {
      for await (const { path, content } of files) {
        const target = join(temporary, path);
        await mkdir(dirname(target), { recursive: true });
        await pipeline(content, createWriteStream(target));
      }
    }
    await rename(temporary, out);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
