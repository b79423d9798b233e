import { type Actor, authorize } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import { insertAddedModel } from '@/lib/db/added-models';
import type { Database } from '@/lib/db/client';
import { upsertModel } from '@/lib/db/models';
import type { HubModelRequest, ModelSummary } from '@/lib/schemas/model';
import { HubError, parseHubAddress } from '@/trainer/io/hub-address';
import { ModelConfigError, parseModelConfig } from '@/trainer/model/config';
import { parameterCount } from '@/trainer/model/parameters';
import { hubOrigin } from './hub-origin';
import { modelSummary } from './list-models';
import { uniqueModelName } from './model-names';

/**
 * Registers a model that the browser has found on the hub, checked and downloaded. The server never downloads it; each
 * browser that trains with it does, pinned to the same commit.
 */
export async function addHubModel(actor: Actor, db: Database, request: HubModelRequest): Promise<ModelSummary> {
  authorize(actor, 'models.manage');
  const { address, files } = request;
  const parameters = parametersOf(request);
  return db.transaction(async (tx) => {
    const name = await uniqueModelName(tx, request.name);
    const row = await insertAddedModel(tx, { name, source: 'hub', address, addedBy: actor.userId }, files);
    return modelSummary(await upsertModel(tx, { id: row.id, name, kind: 'added', parameters }));
  });
}

function parametersOf({ address, config }: HubModelRequest): number {
  try {
    const { origin } = parseHubAddress(address);
    if (origin !== hubOrigin()) throw invalid('onlyFromHub', { hub: hubOrigin(), origin });
    return parameterCount(parseModelConfig(config));
  } catch (error) {
    if (error instanceof HubError || error instanceof ModelConfigError)
      throw invalid('hubRefused', { reason: error.translatable });
    throw error;
  }
}
