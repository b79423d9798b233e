/**
 * Forward and backward of one block of a 135M Llama on WebGPU against wasm, and WebGPU's matmul rate in it. Rounds
 * alternate the order; ratios are paired. Wall time: a GPU works outside this process. VK_ICD_FILENAMES may name an
 * emulating driver, whose times say nothing about a GPU.
 */
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { nodeGpu } from '../backends/webgpu/node-gpu';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { BLOCK, makeProblem } from './block-problem';
import { projectBlock } from './block-project';
import { median } from './timing';

const rounds = Number(process.argv.find((argument) => argument.startsWith('--rounds='))?.slice(9) ?? 11);

const gpu = await nodeGpu();
if (!gpu) {
  console.log('SKIPPED: there is no WebGPU here');
  process.exit(0);
}
const backend = await createWebGpuBackend({ gpu, allowSoftware: true });
const problem = makeProblem(BLOCK);
const implementations = [
  await projectBlock(backend, 'ours, WebGPU', problem),
  await projectBlock(await createWasmBackend(), 'ours, wasm, 1 thread', problem),
];
const times: number[][] = [[], []];
for (let round = -2; round < rounds; round++) {
  for (const i of round % 2 ? [1, 0] : [0, 1]) {
    const { wallMs } = await implementations[i]!.run();
    if (round >= 0) times[i]!.push(wallMs);
  }
}

// Multiply-adds of the block's seven matrices, once forward and twice backward.
const { batch, length, dim, heads, kvHeads, headDim, hidden } = BLOCK;
const weights = dim * (2 * heads * headDim + 2 * kvHeads * headDim + 3 * hidden);
const gigaflop = (3 * 2 * batch * length * weights) / 1e9;
console.log(`${backend.description}; ${rounds} rounds\n`);
console.log('| implementation | wall ms, median | GFLOP/s in matmuls at least | time / WebGPU, paired |');
console.log('|---|---:|---:|---:|');
implementations.forEach(({ name }, i) => {
  const ms = median(times[i]!);
  const ratio = median(times[i]!.map((own, round) => own / times[0]![round]!));
  console.log(`| ${name} | ${ms.toFixed(1)} | ${((1000 * gigaflop) / ms).toFixed(0)} | ${ratio.toFixed(2)} |`);
});
for (const implementation of implementations) implementation.close();
