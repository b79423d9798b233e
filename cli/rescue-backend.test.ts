import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testingDevice } from '../trainer/backends/webgpu/testing-device';
import { prepareCommandLine, rescue, root } from './rescue-harness';

// Sets VK_ICD_FILENAMES where it finds an emulating driver; the commands below inherit it.
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: --backend webgpu, because ${why}\n`);

prepareCommandLine();

const model = join(root, 'trainer/fixtures/tiny-llama');
const file = join(root, 'trainer/fixtures/goldens/tiny-0.json');
const loss = (...options: string[]) => rescue('loss', '--model', model, '--case', file, ...options);

describe.skipIf(!device)('where the only adapter is an emulated one', () => {
  it('--backend webgpu takes it, says that it is slow, and computes the golden values', () => {
    const { status, stdout, stderr } = loss('--backend', 'webgpu');
    expect(stderr).toContain('emulated');
    expect(status).toBe(0);
    const actual = JSON.parse(stdout);
    const expected = JSON.parse(readFileSync(file, 'utf8'));
    expect(actual.backend).toBe('webgpu');
    expect(Math.abs(actual.loss / expected.loss - 1)).toBeLessThan(1e-4);
    expect(Math.abs(actual.grad_norm / expected.grad_norm - 1)).toBeLessThan(1e-3);
  });

  it('--matrix-units is refused where there are none, and without --backend webgpu', () => {
    const { status, stdout, stderr } = loss('--backend', 'webgpu', '--matrix-units');
    expect(stderr).toContain('--matrix-units: WebGPU offers none here');
    expect([status, stdout]).toEqual([1, '']);
    const onCpu = loss('--matrix-units');
    expect(onCpu.stderr).toContain('--matrix-units needs --backend webgpu');
    expect(onCpu.status).toBe(2);
  });

  it('the default is the CPU, and so is --backend auto', () => {
    for (const options of [[], ['--backend', 'auto']]) {
      const { status, stdout } = loss(...options);
      expect(status).toBe(0);
      expect(JSON.parse(stdout).backend).toBe('wasm');
    }
  });
});

describe('where there is no adapter', () => {
  const withoutDriver = (run: () => ReturnType<typeof rescue>) => {
    const before = process.env.VK_ICD_FILENAMES;
    process.env.VK_ICD_FILENAMES = '/no/such/driver.json';
    try {
      return run();
    } finally {
      if (before === undefined) delete process.env.VK_ICD_FILENAMES;
      else process.env.VK_ICD_FILENAMES = before;
    }
  };

  it('--backend webgpu is refused instead of falling back to the CPU', () => {
    const { status, stdout, stderr } = withoutDriver(() => loss('--backend', 'webgpu'));
    expect(stderr).toMatch(/rescue loss: --backend webgpu: /);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });

  it('the default works without a warning', () => {
    const { status, stdout, stderr } = withoutDriver(() => loss());
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).backend).toBe('wasm');
    expect(status).toBe(0);
  });
});
