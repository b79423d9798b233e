/**
 * A training step (forward, backward, AdamW) of whole models, paired in one run: every round times each contestant
 * once, in an order that rotates; ratios of each round, then their median.
 *   npm run bench trainer -- [--models=15M,135M] [--rounds=5] [--relaxed]
 */
import { cpus } from 'node:os';
import { fastestBuild } from '../backends/wasm/load-kernels';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { parameterCount } from '../model/parameters';
import { oursStep } from './step-ours';
import { MODELS, makeStepProblem, type StepContestant } from './step-problem';
import { tfjsStep } from './step-tfjs';
import { torchStep } from './step-torch';
import { median } from './timing';

const flag = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const rounds = Number(flag('rounds') ?? 5);
const wanted = (flag('models') ?? Object.keys(MODELS).join()).split(',');

console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}, ${rounds} rounds`);
for (const model of wanted) await compare(model);

async function compare(model: string): Promise<void> {
  const config = MODELS[model];
  if (!config) throw new Error(`There is no model "${model}". Known: ${Object.keys(MODELS).join(', ')}.`);
  const problem = makeStepProblem(config);
  const tokens = problem.batch * problem.length;
  console.log(`\n## ${model}: ${(parameterCount(config) / 1e6).toFixed(0)}M parameters, ${tokens} tokens a step\n`);

  const contestants: StepContestant[] = [
    oursStep(await createWasmBackend({ build: 'simd' }), 'ours, wasm SIMD, 1 thread', problem),
  ];
  if (fastestBuild() === 'relaxed-simd') {
    contestants.push(oursStep(await createWasmBackend(), 'ours, wasm relaxed SIMD, 1 thread', problem));
  }
  const torch = await torchStep(problem);
  if (torch) contestants.push(torch);
  try {
    contestants.push(await tfjsStep(problem));
  } catch (error) {
    console.log(`tfjs left out: ${error}`);
  }

  const losses = new Map<StepContestant, number[]>();
  for (const contestant of contestants) {
    try {
      losses.set(contestant, [(await contestant.run()).loss]);
    } catch (error) {
      // tfjs cannot hold the larger model.
      console.log(`${contestant.name} left out: ${String(error).split('\n')[0]}\n`);
    }
  }
  const runners = contestants.filter((contestant) => losses.has(contestant));
  const times = new Map(runners.map((contestant) => [contestant, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < runners.length; i++) {
      const contestant = runners[(i + round) % runners.length]!;
      const { cpuMs, loss } = await contestant.run();
      losses.get(contestant)!.push(loss);
      times.get(contestant)!.push(cpuMs);
    }
  }

  // The same weights, the same batch, the same optimizer: the same losses, or the times mean nothing.
  const [first] = runners as [StepContestant];
  for (const contestant of runners) {
    losses.get(contestant)!.forEach((loss, step) => {
      const expected = losses.get(first)![step]!;
      if (!(Math.abs(loss - expected) < 2e-3 * expected)) {
        throw new Error(`${contestant.name} computes something else: loss ${loss} at step ${step}, not ${expected}`);
      }
    });
  }
  const ours = runners.filter(({ name }) => name.startsWith('ours'));
  const heads = ours.map(({ name }) => `time / ${name.split(',')[1]!.trim()}`);
  console.log(`| contestant | CPU ms a step, median | tokens/s | ${heads.join(' | ')} |`);
  console.log(`|---|---:|---:|${'---:|'.repeat(heads.length)}`);
  for (const contestant of runners) {
    const own = times.get(contestant)!;
    const ratios = ours.map((base) => median(own.map((ms, round) => ms / times.get(base)![round]!)).toFixed(2));
    const speed = ((1000 * tokens) / median(own)).toFixed(0);
    console.log(`| ${contestant.name} | ${median(own).toFixed(0)} | ${speed} | ${ratios.join(' | ')} |`);
    contestant.close();
  }
}
