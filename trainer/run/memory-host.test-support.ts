/** A host for tests that stores everything in memory: the demo model, a few short prompts, and the output of a run. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { configFile, tokenizerConfigFile, tokenizerFile, weightsFile } from '../contract/model-files';
import { snapshotRecordSchema } from '../contract/record';
import { records } from '../fixtures/tiny-command-line';
import { type FileSource, type NamedFile, readModelFiles } from '../io/model-files';
import { loadModel } from '../model/model';
import { type Checkpoint, parseCheckpoint, serializeCheckpoint } from '../train/checkpoint';
import type { RunHost } from './run-host';

const read = (name: string) => readFile(fileURLToPath(new URL(`../../public/models/demo/${name}`, import.meta.url)));
const names = [configFile, tokenizerFile, tokenizerConfigFile, weightsFile];
const contents = new Map(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
const source: FileSource = { read: async (name) => contents.get(name), pathOf: (name) => name };

export interface MemoryHost extends RunHost {
  /** Serialized, as a file or a server would have it. */
  checkpoint: Uint8Array<ArrayBuffer> | null;
  files: readonly NamedFile[];
  /** Number of backends that were opened, and of those not yet disposed of. */
  opened: number;
  open: number;
  readonly stopping: AbortController;
  readonly skipping: AbortController;
}

/** `change`: members to override. */
export function memoryHost(change: Partial<RunHost> = {}): MemoryHost {
  const stopping = new AbortController();
  const skipping = new AbortController();
  const host: MemoryHost = {
    checkpoint: null,
    files: [],
    opened: 0,
    open: 0,
    stopping,
    skipping,
    stop: stopping.signal,
    skipScores: skipping.signal,
    async openBackend() {
      const backend = await createWasmBackend();
      host.opened++;
      host.open++;
      const dispose = backend.dispose.bind(backend);
      backend.dispose = () => {
        host.open--;
        dispose();
      };
      return backend;
    },
    async findModel(onBytes, signal) {
      signal.throwIfAborted();
      return {
        name: 'demo',
        source,
        bytes: contents.get(weightsFile)!.length,
        weightBytes: contents.get(weightsFile)!.length,
        async open(backend, options) {
          onBytes(contents.get(weightsFile)!.length);
          const files = await readModelFiles(source);
          signal.throwIfAborted();
          return loadModel(files, backend, options);
        },
      };
    },
    readRecords: async () => records.map((record) => snapshotRecordSchema.parse(record)),
    readCheckpoint: async () => (host.checkpoint ? parseCheckpoint(host.checkpoint) : null),
    async saveCheckpoint(checkpoint: Checkpoint) {
      host.checkpoint = serializeCheckpoint(checkpoint);
    },
    async saveFiles(files) {
      host.files = files;
    },
    ...change,
  };
  return host;
}
