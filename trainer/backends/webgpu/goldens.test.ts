import { describe, vi } from 'vitest';
import { checkGoldens } from '../../fixtures/check-goldens';
import { adapterGoldens, storiesGoldens, tinyGoldens, variantGoldens } from '../../fixtures/golden';
import { testingDevice } from './testing-device';
import { createWebGpuBackend } from './webgpu-backend';

// An emulated adapter takes seconds to compile a kernel.
vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: the golden cases on WebGPU, because ${why}\n`);
const create = () => createWebGpuBackend({ device: device! });

for (const set of [tinyGoldens, ...variantGoldens, adapterGoldens]) {
  describe.skipIf(!device)(`${set.name} goldens, webgpu backend`, () => checkGoldens(set, create));
}

describe.skipIf(!device || !storiesGoldens.available)(
  'stories260K goldens (skipped without ../shared), webgpu backend',
  () => checkGoldens(storiesGoldens, create),
);
