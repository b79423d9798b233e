import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Actor, authorize } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { publicDir } from '@/lib/db/installation';
import { listProjectIds } from '@/lib/db/members-of-person';
import { listModelRows, type ModelRow, modelById, upsertModel } from '@/lib/db/models';
import type { ModelSummary } from '@/lib/schemas/model';
import { requiredModelFiles, weightsFile } from '@/trainer/contract/model-files';
import { countParameters } from './model-parameters';

/** Bundled and added models, and those trained in projects whose runs the actor may see. */
export async function listModels(actor: Actor, db: Database): Promise<ModelSummary[]> {
  authorize(actor, 'models.read');
  await registerBundledModels(db);
  const visible = actor.role === 'admin' ? 'all' : await listProjectIds(db, actor.userId, 'researcher');
  return (await listModelRows(db, visible)).map(modelSummary);
}

export function modelSummary(row: ModelRow): ModelSummary {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as ModelSummary['kind'],
    runId: row.runId,
    parameters: row.parameters,
    createdAt: row.createdAt.toISOString(),
  };
}

export const bundledModelPath = (id: string, name: string) =>
  join(/*turbopackIgnore: true*/ publicDir(), 'models', id, name);

/** Registers every complete folder under public/models, so that new and changed folders show up in the next listing. */
export async function registerBundledModels(db: Database): Promise<void> {
  const folders = await readdir(join(/*turbopackIgnore: true*/ publicDir(), 'models'), { withFileTypes: true }).catch(
    () => [],
  );
  for (const { name: id } of folders.filter((entry) => entry.isDirectory())) {
    const complete = await Promise.all(requiredModelFiles.map((name) => access(bundledModelPath(id, name)))).then(
      () => true,
      () => false,
    );
    const parameters = complete ? await countParameters(bundledModelPath(id, weightsFile)) : null;
    if (parameters === null) continue;
    const known = await modelById(db, id);
    if (known?.parameters === parameters) continue;
    await upsertModel(db, { id, name: id === 'demo' ? 'Demo model' : id, kind: 'bundled', parameters });
  }
}
