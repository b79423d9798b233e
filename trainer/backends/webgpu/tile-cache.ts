/** Measured choices, stored between runs: a GPU is tuned once, and again when the GPU, its driver or the tiles change. */
import { hashString } from '../../data/hash-string';
import { TILES } from './kernels/matmul';
import { SUBGROUP_TILES } from './kernels/matmul-subgroup';
import { type MatmulChoice, SIZE_CLASSES } from './tile-classes';

/** Stores small files, each completely or not at all; a ModelStore is one. */
export interface TileCache {
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array): Promise<void>;
}

/**
 * The choices stored for the adapter, else those of `measure`, which are then stored unless there are none. `usable`: what
 * the device supports. A cache that fails or holds invalid data costs a measurement and nothing else.
 */
export async function cachedChoices(
  {
    vendor,
    architecture,
    device,
    description,
  }: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>,
  usable: readonly MatmulChoice[],
  cache: TileCache | undefined,
  measure: () => Promise<readonly MatmulChoice[] | null>,
): Promise<readonly MatmulChoice[] | null> {
  const units = usable.some((choice) => choice.units) && SUBGROUP_TILES;
  const key = JSON.stringify([vendor, architecture, device, description, TILES, units, SIZE_CLASSES]);
  const path = `webgpu-tiles/${hashString(key).toString(16)}.json`;
  const stored = await cache?.read(path).then(
    (bytes) => bytes && parse(bytes, key, usable),
    () => undefined,
  );
  if (stored) return stored;
  const choices = await measure();
  if (!choices) return null;
  const text = JSON.stringify({ key, choices });
  await cache?.write(path, new TextEncoder().encode(text)).catch(() => undefined);
  return choices;
}

function parse(bytes: Uint8Array, key: string, usable: readonly MatmulChoice[]): readonly MatmulChoice[] | undefined {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as { key: unknown; choices: MatmulChoice[] } | null;
    const matches = found?.key === key && found.choices.length === SIZE_CLASSES.length;
    const isUsable = ({ units, tile, splits }: MatmulChoice) =>
      usable.some((one) => one.units === units && one.tile === tile && one.splits === splits);
    return matches && found.choices.every(isUsable) ? found.choices : undefined;
  } catch {
    return undefined;
  }
}
