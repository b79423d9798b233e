import { type Actor, authorize } from '@/lib/auth/permissions';
import { countRunsOfModel, listAddedModelFiles, listAddedModelRows } from '@/lib/db/added-models';
import type { Database } from '@/lib/db/client';
import { modelById } from '@/lib/db/models';
import { partialFileSize } from '@/lib/db/partial-files';
import { uploadsOfModel } from '@/lib/db/uploads';
import type { AddedModel, AddedModels, ModelSource } from '@/lib/schemas/model';
import { hubOrigin } from './hub-origin';
import { listServerFolders } from './server-models';

/** All added models, including incomplete ones, and the places from which more can be added. */
export async function listAddedModels(actor: Actor, db: Database): Promise<AddedModels> {
  authorize(actor, 'models.manage');
  const models: AddedModel[] = [];
  for (const row of await listAddedModelRows(db)) {
    const files = await listAddedModelFiles(db, row.id);
    const sum = (of: typeof files) => of.reduce((total, { bytes }) => total + bytes, 0);
    const model = await modelById(db, row.id);
    let partial = 0;
    for (const upload of await uploadsOfModel(db, row.id)) partial += await partialFileSize(upload.id);
    models.push({
      id: row.id,
      name: row.name,
      source: row.source as ModelSource,
      address: row.address,
      bytes: sum(files),
      storedBytes: sum(row.source === 'folder' ? files.filter(({ sha256 }) => sha256 !== null) : files) + partial,
      parameters: model?.parameters ?? null,
      runs: await countRunsOfModel(db, row.id),
      createdAt: row.createdAt.toISOString(),
    });
  }
  return { models, serverFolders: await listServerFolders(), hubOrigin: hubOrigin() };
}
