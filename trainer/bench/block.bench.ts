/**
 * Forward and backward of one block of a 135M Llama, paired in one run: every round times each contestant once,
 * in an order that rotates. Compared is CPU time, since the contestants have one thread each and the machine may be
 * busy; what other work does to caches and clocks falls on all of them alike, so trust the ratios more than the times.
 * --threads=N adds this project's kernels on N threads: there wall time counts, and a quiet machine.
 */
import { cpus } from 'node:os';
import { fastestBuild } from '../backends/wasm/load-kernels';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { oursOn } from './block-ours';
import { BLOCK, type BlockResult, type Contestant, makeProblem, TENSORS } from './block-problem';
import { tfjsOn } from './block-tfjs';
import { torchOn } from './block-torch';
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
const simd = await oursOn(await createWasmBackend({ build: 'simd' }), 'ours, wasm SIMD, 1 thread', problem);
const contestants: Contestant[] = [simd];
if (fastestBuild() === 'relaxed-simd') {
  contestants.push(await oursOn(await createWasmBackend(), 'ours, wasm relaxed SIMD, 1 thread', problem));
}
const alone = contestants.length;
if (threads > 1) {
  for (const build of alone === 1 ? (['simd'] as const) : (['simd', 'relaxed-simd'] as const)) {
    const name = `ours, wasm ${build === 'simd' ? 'SIMD' : 'relaxed SIMD'}, ${threads} threads`;
    contestants.push(await oursOn(await createWasmBackend({ build, threads }), name, problem));
  }
}
for (const other of [await tfjsOn(problem), await torchOn(problem)]) if (other) contestants.push(other);

const expected = await simd.result();
for (const contestant of contestants.slice(1)) {
  const error = distance(await contestant.result(), expected);
  if (!(error < 1e-3)) throw new Error(`${contestant.name} computes something else: relative distance ${error}`);
  console.log(`${contestant.name}: loss and gradients agree (${error.toExponential(1)})`);
}

const times = new Map<Contestant, Timing[]>(contestants.map((contestant) => [contestant, []]));
for (let round = -2; round < rounds; round++) {
  for (let i = 0; i < contestants.length; i++) {
    const contestant = contestants[(i + round + contestants.length * 2) % contestants.length]!;
    const timing = await contestant.run();
    if (round >= 0) times.get(contestant)!.push(timing);
  }
}

console.log(`\n${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}, ${rounds} rounds\n`);
const ours = contestants.slice(0, alone);
const builds = ours.map((contestant) => `/ ${contestant.name.split(',')[1]!.trim()}`);
console.log(`| contestant | CPU ms, median | CPU ms, best | wall ms, median | time ${builds.join(' | time ')} |`);
console.log(`|---|---:|---:|---:|${'---:|'.repeat(ours.length)}`);
for (const contestant of contestants) {
  const own = times.get(contestant)!;
  const cpu = own.map((timing) => timing.cpuMs);
  const cells = [median(cpu), Math.min(...cpu), median(own.map((timing) => timing.wallMs))].map((ms) => ms.toFixed(0));
  for (const base of ours) {
    // Paired: each round's ratio first, then the median of them.
    cells.push(median(cpu.map((ms, round) => ms / times.get(base)![round]!.cpuMs)).toFixed(2));
  }
  console.log(`| ${contestant.name} | ${cells.join(' | ')} |`);
}
if (threads > 1) {
  console.log(`\nWall time on ${threads} threads / on 1, paired by round:`);
  for (const [i, one] of ours.entries()) {
    const many = times.get(contestants[alone + i]!)!;
    const ratios = times.get(one)!.map(({ wallMs }, round) => many[round]!.wallMs / wallMs);
    console.log(`  ${one.name}: median ${median(ratios).toFixed(2)}, best ${Math.min(...ratios).toFixed(2)}`);
  }
}
for (const contestant of contestants) contestant.close();
