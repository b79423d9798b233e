import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDiskStore } from '../../io/disk-store';
import { cachedTiles, type TileCache } from './tile-cache';

const gpu = { vendor: 'acme', architecture: 'one', device: '', description: 'Acme 1000' };
const usable = [0, 2, 4, 5];

/** Counts how often it is asked. */
function measuring(tiles: readonly number[] = [4, 2, 0]) {
  const measure = async () => {
    measure.times++;
    return tiles;
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
      for (let run = 0; run < 3; run++) expect(await cachedTiles(gpu, usable, memory, measure)).toEqual([4, 2, 0]);
      expect(measure.times).toBe(1);
      await cachedTiles({ ...gpu, architecture: 'two' }, usable, memory, measure);
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
      for (let run = 0; run < 2; run++) expect(await cachedTiles(gpu, usable, memory, measure)).toEqual([4, 2, 0]);
      expect(measure.times).toBe(2);
    }
  });

  it.each([
    ['no JSON', () => '{'],
    ['null', () => 'null'],
    ['tiles that the device has no room for', (text: string) => text.replace('[4,2,0]', '[4,2,1]')],
    ['too few of them', (text: string) => text.replace('[4,2,0]', '[4,2]')],
    ['words', (text: string) => text.replace('[4,2,0]', '"fast"')],
    ['those of another GPU', (text: string) => text.replace('acme', 'other')],
  ])('are measured again where the file holds %s', async (_, spoil) => {
    const memory = inMemory();
    await cachedTiles(gpu, usable, memory, measuring());
    for (const [path, bytes] of memory.files) {
      memory.files.set(path, new TextEncoder().encode(spoil(new TextDecoder().decode(bytes))));
    }
    const measure = measuring([5, 5, 5]);
    expect(await cachedTiles(gpu, usable, memory, measure)).toEqual([5, 5, 5]);
    expect(await cachedTiles(gpu, usable, memory, measure)).toEqual([5, 5, 5]);
    expect(measure.times).toBe(1);
  });
});
