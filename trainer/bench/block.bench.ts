/**
 * Forward and backward of one block of a 135M Llama, paired in one run: every round times each implementation once,
 * in an order that rotates. Compared is CPU time, since the implementations have one thread each and the machine may be
 * busy; what other work does to caches and clocks falls on all of them alike, so trust the ratios more than the times.
 * --threads=N adds this project's kernels on N threads: there wall time counts, and a quiet machine.
 */
import { cpus } from 'node:os';
import { fastestBuild } from '../backends/wasm/load-kernels';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { BLOCK, type BlockResult, type Implementation, makeProblem, TENSORS } from './block-problem';
import { projectBlock } from './block-project';
import { tfjsBlock } from './block-tfjs';
import { torchBlock } from './block-torch';
import { median, type Timing } from './timing';

const rounds = Number(process.argv.find((argument) => argument.startsWith('--rounds='))?.slice(9) ?? 21);

const threads = Number(process.argv.find((argument) => argument.startsWith('--threads='))?.slice(10) ?? 1);

/** Largest relative distance of any gradient tensor, in the Euclidean norm. */
function distance(a: BlockResult, b: BlockResult): number {
  let worst = Math.abs(a.loss - b.loss) / Math.max(Math.abs(b.loss), 1);
  for (const name of TENSORS) {
    let difference = 0;
    let size = 0;
    for (const [i, value] of b.gradients[name].entries()) {
      difference += (a.gradients[name][i]! - value) ** 2;
      size += value ** 2;
    }
    worst = Math.max(worst, Math.sqrt(difference / size));
  }
  return worst;
}

const problem = makeProblem(BLOCK);
const simd = await projectBlock(await createWasmBackend({ build: 'simd' }), 'ours, wasm SIMD, 1 thread', problem);
const implementations: Implementation[] = [simd];
if (fastestBuild() === 'relaxed-simd') {
  implementations.push(await projectBlock(await createWasmBackend(), 'ours, wasm relaxed SIMD, 1 thread', problem));
}
const alone = implementations.length;
if (threads > 1) {
  for (const build of alone === 1 ? (['simd'] as const) : (['simd', 'relaxed-simd'] as const)) {
    const name = `ours, wasm ${build === 'simd' ? 'SIMD' : 'relaxed SIMD'}, ${threads} threads`;
    implementations.push(await projectBlock(await createWasmBackend({ build, threads }), name, problem));
  }
}
for (const other of [await tfjsBlock(problem), await torchBlock(problem)]) if (other) implementations.push(other);

const expected = await simd.result();
for (const implementation of implementations.slice(1)) {
  const error = distance(await implementation.result(), expected);
  if (!(error < 1e-3)) throw new Error(`${implementation.name} computes something else: relative distance ${error}`);
  console.log(`${implementation.name}: loss and gradients agree (${error.toExponential(1)})`);
}

const times = new Map<Implementation, Timing[]>(implementations.map((implementation) => [implementation, []]));
for (let round = -2; round < rounds; round++) {
  for (let i = 0; i < implementations.length; i++) {
    const implementation = implementations[(i + round + implementations.length * 2) % implementations.length]!;
    const timing = await implementation.run();
    if (round >= 0) times.get(implementation)!.push(timing);
  }
}

console.log(`\n${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}, ${rounds} rounds\n`);
const ours = implementations.slice(0, alone);
const builds = ours.map((implementation) => `/ ${implementation.name.split(',')[1]!.trim()}`);
console.log(`| implementation | CPU ms, median | CPU ms, best | wall ms, median | time ${builds.join(' | time ')} |`);
console.log(`|---|---:|---:|---:|${'---:|'.repeat(ours.length)}`);
for (const implementation of implementations) {
  const own = times.get(implementation)!;
  const cpu = own.map((timing) => timing.cpuMs);
  const cells = [median(cpu), Math.min(...cpu), median(own.map((timing) => timing.wallMs))].map((ms) => ms.toFixed(0));
  for (const base of ours) {
    // Paired: each round's ratio first, then the median of them.
    cells.push(median(cpu.map((ms, round) => ms / times.get(base)![round]!.cpuMs)).toFixed(2));
  }
  console.log(`| ${implementation.name} | ${cells.join(' | ')} |`);
}
if (threads > 1) {
  console.log(`\nWall time on ${threads} threads / on 1, paired by round:`);
  for (const [i, one] of ours.entries()) {
    const many = times.get(implementations[alone + i]!)!;
    const ratios = times.get(one)!.map(({ wallMs }, round) => many[round]!.wallMs / wallMs);
    console.log(`  ${one.name}: median ${median(ratios).toFixed(2)}, best ${Math.min(...ratios).toFixed(2)}`);
  }
}
for (const implementation of implementations) implementation.close();
