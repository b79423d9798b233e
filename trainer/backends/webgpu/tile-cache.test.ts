import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiskStore } from '../../io/disk-store';
import { cachedChoices, type TileCache } from './tile-cache';
import { type MatmulChoice, SIZE_CLASSES } from './tile-classes';

const gpu = { vendor: 'acme', architecture: 'one', device: '', description: 'Acme 1000' };
const tiles = [0, 2, 4, 5];
const usable = tiles.flatMap((tile) => [1, 4].map((splits) => ({ units: false, tile, splits })));
/** The same choice for every class. */
const all = (tile: number): MatmulChoice[] => SIZE_CLASSES.map(() => ({ units: false, tile, splits: 4 }));

/** Counts how often it is asked. */
function measuring(choices: readonly MatmulChoice[] | null = all(2)) {
  const measure = async () => {
    measure.times++;
    return choices;
  };
  measure.times = 0;
  return measure;
}

function inMemory(): TileCache & { files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return { files, read: async (path) => files.get(path), write: async (path, bytes) => void files.set(path, bytes) };
}

describe('measured tiles', () => {
  it('are measured once per GPU, also with a cache on disk', async () => {
    for (const memory of [inMemory(), createDiskStore(mkdtempSync(join(tmpdir(), 'tiles-')))]) {
      const measure = measuring();
      for (let run = 0; run < 3; run++) expect(await cachedChoices(gpu, usable, memory, measure)).toEqual(all(2));
      expect(measure.times).toBe(1);
      await cachedChoices({ ...gpu, architecture: 'two' }, usable, memory, measure);
      expect(measure.times).toBe(2);
    }
  });

  it('are measured each time without a cache, or with one that fails', async () => {
    const broken: TileCache = {
      read: () => Promise.reject(new Error('no access')),
      write: () => Promise.reject(new Error('full')),
    };
    for (const memory of [undefined, broken]) {
      const measure = measuring();
      for (let run = 0; run < 2; run++) expect(await cachedChoices(gpu, usable, memory, measure)).toEqual(all(2));
      expect(measure.times).toBe(2);
    }
  });

  it('are not stored where they cannot be measured', async () => {
    const memory = inMemory();
    expect(await cachedChoices(gpu, usable, memory, measuring(null))).toBeNull();
    expect(memory.files.size).toBe(0);
  });

  it.each([
    ['no JSON', () => '{'],
    ['null', () => 'null'],
    ['tiles that the device has no room for', (text: string) => text.replace('"tile":2', '"tile":1')],
    ['splits that the device does not try', (text: string) => text.replace('"splits":4', '"splits":3')],
    ['too few of them', (text: string) => text.replace('{"units":false,"tile":2,"splits":4},', '')],
    ['words', (text: string) => text.replace(/"choices":.*/, '"choices":"fast"}')],
    ['those of another GPU', (text: string) => text.replace('acme', 'other')],
  ])('are measured again where the file holds %s', async (_, spoil) => {
    const memory = inMemory();
    await cachedChoices(gpu, usable, memory, measuring());
    for (const [path, bytes] of memory.files) {
      memory.files.set(path, new TextEncoder().encode(spoil(new TextDecoder().decode(bytes))));
    }
    const measure = measuring(all(5));
    expect(await cachedChoices(gpu, usable, memory, measure)).toEqual(all(5));
    expect(await cachedChoices(gpu, usable, memory, measure)).toEqual(all(5));
    expect(measure.times).toBe(1);
  });
});
