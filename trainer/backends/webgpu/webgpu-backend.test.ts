import { describe, it } from 'vitest';
import { describeBackend } from '../contract-suite';
import { testingDevice } from './testing-device';
import { createWebGpuBackend } from './webgpu-backend';

const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: every WebGPU test, because ${why}\n`);

describe.skipIf(!device)(`WebGPU in Node${device ? '' : ` (skipped: ${why})`}`, () => {
  if (device) describeBackend('webgpu', () => createWebGpuBackend({ device }));
  else it('runs the contract suite', () => {});
});
