/** Measured tiles, stored between runs: a GPU is tuned once, and again when the GPU, its driver or the tiles change. */
import { hashString } from '../../data/hash-string';
import { TILES } from './kernels/matmul';
import { SIZE_CLASSES } from './tile-classes';

/** Stores small files, each completely or not at all; a ModelStore is one. */
export interface TileCache {
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array): Promise<void>;
}

/**
 * The tiles stored for the adapter, else those of `measure`, which are then stored. `usable`: indices of tiles that the
 * device supports. A cache that fails or holds invalid data costs a measurement and nothing else.
 */
export async function cachedTiles(
  {
    vendor,
    architecture,
    device,
    description,
  }: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>,
  usable: readonly number[],
  cache: TileCache | undefined,
  measure: () => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const key = JSON.stringify([vendor, architecture, device, description, TILES, SIZE_CLASSES]);
  const path = `webgpu-tiles/${hashString(key).toString(16)}.json`;
  const stored = await cache?.read(path).then(
    (bytes) => bytes && parse(bytes, key, usable),
    () => undefined,
  );
  if (stored) return stored;
  const tiles = await measure();
  const text = JSON.stringify({ key, tiles });
  await cache?.write(path, new TextEncoder().encode(text)).catch(() => undefined);
  return tiles;
}

function parse(bytes: Uint8Array, key: string, usable: readonly number[]): readonly number[] | undefined {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as { key: unknown; tiles: number[] } | null;
    const matches = found?.key === key && found.tiles.length === SIZE_CLASSES.length;
    return matches && found.tiles.every((tile) => usable.includes(tile)) ? found.tiles : undefined;
  } catch {
    return undefined;
  }
}
