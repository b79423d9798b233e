import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { tinyGoldens } from '../fixtures/golden';
import { Optimizer } from './optimizer';

const config = { weightDecay: 0, clipNorm: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const norm = 'model.norm.weight';
const matrix = 'model.layers.0.mlp.up_proj.weight';

async function setUp(changes: Partial<typeof config> = {}) {
  const backend = createReferenceBackend();
  const model = await tinyGoldens.loadModel(backend);
  const optimizer = new Optimizer(model, { ...config, ...changes });
  const value = (name: string) => backend.readFloat64(model.parameters.get(name)!)[0]!;
  return { backend, optimizer, value };
}

describe('Optimizer', () => {
  it('decays matrices and leaves norms alone', async () => {
    const { optimizer, value } = await setUp({ weightDecay: 0.5 });
    const before = { norm: value(norm), matrix: value(matrix) };
    await optimizer.step(0.1);
    expect(value(norm)).toBe(before.norm);
    expect(value(matrix)).toBeCloseTo(before.matrix * (1 - 0.1 * 0.5), 12);
  });

  it('the first update moves by the learning rate against the sign of the gradient', async () => {
    const { backend, optimizer, value } = await setUp();
    const before = value(matrix);
    backend.fill(optimizer.gradients.get(matrix)!, -3);
    await optimizer.step(0.01);
    expect(value(matrix)).toBeCloseTo(before + 0.01, 8);
  });

  it('reports the global norm before clipping, and clips to it', async () => {
    const { backend, optimizer } = await setUp({ clipNorm: 2 });
    backend.fill(optimizer.gradients.get(norm)!, 3);
    backend.fill(optimizer.gradients.get(matrix)!, 4);
    const expected = Math.sqrt(9 * 32 + 16 * 88 * 32);
    expect(await optimizer.step(0.01)).toBeCloseTo(expected, 3);
    const moment = backend.readFloat64(optimizer.m.get(matrix)!)[0]!;
    expect(moment).toBeCloseTo(0.1 * 4 * (2 / expected), 6);
  });

  it('refuses a gradient that is no number, and changes nothing', async () => {
    const { backend, optimizer, value } = await setUp();
    const before = value(matrix);
    backend.fill(optimizer.gradients.get(norm)!, Number.NaN);
    await expect(optimizer.step(0.01)).rejects.toThrow('step 1: the gradient is not finite');
    expect(optimizer.steps).toBe(0);
    expect(value(matrix)).toBe(before);
  });

  it('gives its memory back', async () => {
    const { backend, optimizer } = await setUp();
    const held = backend.bytesInUse;
    optimizer.dispose();
    expect(backend.bytesInUse).toBeLessThan(held / 3);
  });
});
