/** The kit as it is taken to a machine, without Node and Dawn, on an emulated GPU: small, but all the way. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testingDevice } from '../backends/webgpu/testing-device';

// Sets VK_ICD_FILENAMES where it finds an emulating driver; the programs below inherit it.
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: the GPU kit, because ${why}\n`);

describe.skipIf(!device)('the GPU kit', { timeout: 240_000 }, () => {
  let kit: string;
  // Below the checkout, where Node finds `webgpu`.
  beforeAll(() => {
    mkdirSync('dist', { recursive: true });
    kit = mkdtempSync(join('dist', 'gpu-kit-test-'));
    execFileSync('node', ['trainer/gpu-kit/build.mjs', `--out=${kit}`, '--programs-only']);
  });
  afterAll(() => rmSync(kit, { recursive: true }));
  const run = (program: string, ...options: string[]) =>
    execFileSync('node', [join(kit, 'trainer', program), `--out=${kit}`, ...options], { encoding: 'utf8' });

  it('measures a step by kernel, and writes what it measured as a table and as JSON', () => {
    const parts = 'adapter,overheads,steps,attention,predictions';
    const printed = run('bench/measure.mjs', '--seconds=200', `--only=${parts}`);
    const { device: name, tables } = JSON.parse(readFileSync(join(kit, 'gpu-report.json'), 'utf8'));
    expect(name).toMatch(/emulated/);
    const titles: string[] = tables.map(({ title }: { title: string }) => title);
    for (const part of [
      'Adapter',
      'Overheads',
      'Training steps',
      'GPU time of a step by kernel',
      'Attention',
      'Predicted',
    ]) {
      expect(
        titles.some((title) => title.startsWith(part)),
        part,
      ).toBe(true);
    }
    const steps = tables.find(({ title }: { title: string }) => title.startsWith('Training steps'));
    const [, milliseconds, , dispatches, losses] = steps.rows[0];
    expect(milliseconds).toBeGreaterThan(0);
    expect(dispatches).toBeGreaterThan(50);
    const [before, after] = losses.split(' -> ').map(Number);
    expect(after).toBeLessThan(before);
    expect(readFileSync(join(kit, 'gpu-report.md'), 'utf8')).toContain('## Training steps');
    expect(printed).not.toContain('failed');
  });

  it('says what is left out for want of time', () => {
    expect(run('bench/measure.mjs', '--seconds=20', '--only=steps')).toContain('Left out for want of time: steps.');
  });

  it('runs the contract and the goldens, and tells what fails', () => {
    expect(run('fixtures/suite.mjs', '--only=tiny')).toMatch(/: 10 passed, 0 failed/);
  });
});
