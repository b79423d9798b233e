/**
 * No emulated GPU has matrix units, so these kernels run only where a card does (npm run gpu-kit holds them to the contract
 * there). Here Dawn's null device, which has every feature and computes nothing, compiles each of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import { shaderOf } from '../kernel';
import type { MatmulVariant } from './matmul';
import { maximaKernel, SUBGROUP_TILES, subgroupMatmulKernel, subgroupMemoryOf } from './matmul-subgroup';

const plain: MatmulVariant = {
  form: 'nt',
  tile: 0,
  vectorA: true,
  vectorB: true,
  halfA: false,
  halfB: false,
  vectorC: true,
  halfC: false,
  plus: 'nothing',
  bias: false,
  swiglu: false,
};
const operands = [
  { halfA: true, halfB: true },
  { halfA: false, halfB: true },
  { halfA: false, halfB: false },
];

describe('products on matrix units', () => {
  // Both must outlive every use: once collected, the first takes the process with it.
  let gpu: GPU;
  let device: GPUDevice;
  beforeAll(async () => {
    Object.assign(globalThis, globals);
    gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
    const features = ['subgroups', 'shader-f16', 'chromium-experimental-subgroup-matrix'] as GPUFeatureName[];
    device = await (await gpu.requestAdapter())!.requestDevice({ requiredFeatures: features });
  });
  afterAll(() => device.destroy());
  const problems = async (kernel: Parameters<typeof shaderOf>[0]) =>
    (await device.createShaderModule({ code: shaderOf(kernel) }).getCompilationInfo()).messages.map(
      ({ message }) => message,
    );

  it.each(['nt', 'nn', 'tn'] as const)('compile in the form %s, for each tile and operand', async (form) => {
    for (const tile of SUBGROUP_TILES.keys()) {
      for (const operand of operands) {
        expect(await problems(subgroupMatmulKernel({ ...plain, ...operand, form, tile }))).toEqual([]);
      }
    }
  });

  it('compile with an epilogue, and so does what their scales come from', async () => {
    const epilogue = { plus: 'other', bias: true, swiglu: true, halfA: true, halfB: true, halfC: true } as const;
    expect(await problems(subgroupMatmulKernel({ ...plain, ...epilogue }))).toEqual([]);
    expect(await problems(maximaKernel)).toEqual([]);
  });

  it('are refused by this compiler where they are wrong', async () => {
    const { code, ...kernel } = subgroupMatmulKernel(plain);
    expect(
      await problems({ ...kernel, code: code.replaceAll('subgroup_matrix_right<f16', 'subgroup_matrix_right<f32') }),
    ).not.toEqual([]);
  });

  it('need no more workgroup memory than such GPUs have', () => {
    for (const tile of SUBGROUP_TILES.keys()) expect(subgroupMemoryOf(tile)).toBeLessThanOrEqual(49_152);
  });
});
