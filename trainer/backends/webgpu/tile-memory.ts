/** Measured tiles, kept between runs: a GPU is tuned once, and again when it, its driver or the tiles are others. */
import { hashString } from '../../data/hash-string';
import { TILES } from './kernels/matmul';
import { SIZE_CLASSES } from './tile-classes';

/** A place for small files, each whole or not at all: a ModelStore is one. */
export interface TileMemory {
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array): Promise<void>;
}

/**
 * The tiles kept for the adapter, else those of `measure`, which are kept. `usable`: indices that the device has room
 * for. A memory that fails, or holds nonsense, costs a measurement and nothing else.
 */
export async function rememberedTiles(
  {
    vendor,
    architecture,
    device,
    description,
  }: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>,
  usable: readonly number[],
  memory: TileMemory | undefined,
  measure: () => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const key = JSON.stringify([vendor, architecture, device, description, TILES, SIZE_CLASSES]);
  const path = `webgpu-tiles/${hashString(key).toString(16)}.json`;
  const kept = await memory?.read(path).then(
    (bytes) => bytes && parse(bytes, key, usable),
    () => undefined,
  );
  if (kept) return kept;
  const tiles = await measure();
  const text = JSON.stringify({ key, tiles });
  await memory?.write(path, new TextEncoder().encode(text)).catch(() => undefined);
  return tiles;
}

function parse(bytes: Uint8Array, key: string, usable: readonly number[]): readonly number[] | undefined {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as { key: unknown; tiles: number[] } | null;
    const whole = found?.key === key && found.tiles.length === SIZE_CLASSES.length;
    return whole && found.tiles.every((tile) => usable.includes(tile)) ? found.tiles : undefined;
  } catch {
    return undefined;
  }
}
