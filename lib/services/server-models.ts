/** Models that are on the server already: folders below MODELS_DIR, which are read in place. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import { insertAddedModel } from '@/lib/db/added-models';
import type { Database } from '@/lib/db/client';
import { upsertModel } from '@/lib/db/models';
import type { ModelSummary, ServerModelRequest } from '@/lib/schemas/model';
import { configFile } from '@/trainer/contract/model-files';
import { checkFiles } from './check-files';
import { modelSummary } from './list-models';
import { uniqueModelName } from './model-names';

const DEPTH = 3;
const MAX_FOLDERS = 500;

export const modelsDir = (): string | null => process.env.MODELS_DIR || null;

/** Paths below MODELS_DIR of the folders that contain a config.json; null when MODELS_DIR is not set. */
export async function listServerFolders(): Promise<string[] | null> {
  const root = modelsDir();
  if (root === null) return null;
  const found: string[] = [];
  const search = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(join(/*turbopackIgnore: true*/ root, path), { withFileTypes: true }).catch(() => []);
    if (path !== '' && entries.some(({ name }) => name === configFile)) found.push(path);
    if (depth === 0 || found.length >= MAX_FOLDERS) return;
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('.')) {
        await search(path === '' ? entry.name : `${path}/${entry.name}`, depth - 1);
      }
    }
  };
  await search('', DEPTH);
  return found.sort();
}

/** The checked content of a folder below MODELS_DIR. */
export interface ServerModelContent {
  files: { name: string; bytes: number; modified: number }[];
  parameters: number;
}

/** @throws Refusal 'invalid' for a folder outside MODELS_DIR, or one without a model that can be used */
export async function inspectServerModel(actor: Actor, folder: string): Promise<ServerModelContent> {
  authorize(actor, 'models.manage');
  const path = await folderPath(folder);
  const names = (await readdir(path, { withFileTypes: true })).filter((entry) => !entry.isDirectory());
  const checked = await checkFiles(new Map(names.map((entry) => [entry.name, join(path, entry.name)])));
  const files = await Promise.all(
    checked.files.map(async (file) => ({ ...file, modified: await modifiedAt(join(path, file.name)) })),
  );
  return { files, parameters: checked.parameters };
}

export async function addServerModel(
  actor: Actor,
  db: Database,
  request: ServerModelRequest,
  { files, parameters }: ServerModelContent,
): Promise<ModelSummary> {
  authorize(actor, 'models.manage');
  return db.transaction(async (tx) => {
    const name = await uniqueModelName(tx, request.name);
    const row = await insertAddedModel(
      tx,
      { name, source: 'server', address: request.folder, addedBy: actor.userId },
      files,
    );
    return modelSummary(await upsertModel(tx, { id: row.id, name, kind: 'added', parameters }));
  });
}

/** The folder's real path, with links resolved; folders outside MODELS_DIR are refused. */
export async function folderPath(folder: string): Promise<string> {
  const root = modelsDir();
  if (root === null) throw invalid('noModelsFolder');
  const refuse = () => invalid('noSuchFolder', { folder });
  const [base, path] = await Promise.all([
    realpath(/*turbopackIgnore: true*/ root),
    realpath(join(/*turbopackIgnore: true*/ root, folder)),
  ]).catch(() => {
    throw refuse();
  });
  const relativePath = relative(base, path);
  if (
    relativePath === '' ||
    relativePath === '..' ||
    relativePath.startsWith(`..${sep}`) ||
    !(await stat(path)).isDirectory()
  )
    throw refuse();
  return path;
}

export async function modifiedAt(path: string): Promise<number> {
  return Math.floor((await stat(path)).mtimeMs);
}
