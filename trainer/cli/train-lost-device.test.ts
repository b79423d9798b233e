import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { nodeGpu } from '../backends/webgpu/node-gpu';
import { losable, testingDevice } from '../backends/webgpu/testing-device';
import { jsonl, records, writeTinyModel } from '../fixtures/tiny-command-line';
import { trainCommand } from './train';

// An emulated adapter takes seconds to compile a kernel.
vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: rescue train through the loss of a device, because ${why}\n`);

const dir = mkdtempSync(join(tmpdir(), 'rescue-lost-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string) => join(dir, name);

/** The machine's WebGPU for a while, its devices lost after so many batches of commands (0: never), in turn. */
async function withLosableDevices<T>(batches: readonly number[], work: () => Promise<T>): Promise<T> {
  const kept = globalThis as { rescueStudioGpu?: GPU };
  const gpu = (await nodeGpu())!;
  let opened = 0;
  const requestAdapter = async () => {
    const adapter = (await gpu.requestAdapter())!;
    const requestDevice = async (descriptor: GPUDeviceDescriptor) => {
      const { device: own, lose } = losable(await adapter.requestDevice(descriptor));
      const limit = batches[opened++] ?? 0;
      let submitted = 0;
      const submit = own.queue.submit.bind(own.queue);
      Object.defineProperty(own.queue, 'submit', {
        value: (commands: GPUCommandBuffer[]) => {
          submit(commands);
          if (++submitted === limit) lose();
        },
      });
      return own;
    };
    return { info: adapter.info, limits: adapter.limits, features: adapter.features, requestDevice };
  };
  kept.rescueStudioGpu = { requestAdapter } as unknown as GPU;
  try {
    return await work();
  } finally {
    kept.rescueStudioGpu = gpu;
  }
}

async function train(out: string, batches: readonly number[]) {
  const said: string[] = [];
  const io = { stdout: (text: string) => said.push(text), stderr: { write: (text: string) => said.push(text) } };
  const argv = ['--model', at('model'), '--data', at('data.jsonl'), '--out', at(out), '--epochs', '2'];
  const options = ['--batch-size', '2', '--held-out-fraction', '0', '--backend', 'webgpu'];
  const code = await withLosableDevices(batches, () => trainCommand.run([...argv, ...options], io));
  const steps = readFileSync(join(at(out), 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);
  return { code, said: said.join(''), steps, weights: readFileSync(join(at(out), 'model.safetensors')) };
}

describe.skipIf(!device)('rescue train', () => {
  it('says that the GPU was lost, goes on from its last checkpoint, and ends with the same model', async () => {
    await writeTinyModel(at('model'));
    writeFileSync(at('data.jsonl'), jsonl(records));
    const lasting = await train('lasting', []);
    expect(lasting.said).not.toContain('lost');
    const lost = await train('lost', [4, 0]);
    expect(lost.code).toBe(0);
    expect(lost.said).toMatch(/the GPU was lost: .*; trying again from the (start|checkpoint of step \d) \(1 of 3\)/);
    expect(lost.steps).toEqual(lasting.steps);
    expect(lost.weights.equals(lasting.weights)).toBe(true);
  });
});
