/**
 * Measures a GPU within a time limit, most important questions first; a part that no longer fits is left out and said to be.
 *   measure.mjs --out=folder [--seconds=300] [--only=part,part] [--kinds=kind;kind] [--matrix-units] [--without-robustness]
 */

import { describeGpu } from './adapter';
import { measureAttention } from './attention';
import { benchOptions, openBenchDevice } from './bench-device';
import { measureOverheads } from './overheads';
import { comparePredictions } from './predictions';
import { measureProducts } from './products';
import { Report, type Table } from './report';
import { measureSteps, measureTorch, stepProblem } from './steps';

const flag = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const began = performance.now();
const limit = Number(flag('seconds') ?? 300);
const secondsLeft = () => limit - (performance.now() - began) / 1000;
const only = flag('only')?.split(',');

const options = benchOptions();
const bench = await openBenchDevice(options);
const name = ['gpu-report', options.matrixUnits ? 'units' : '', options.robust ? '' : 'unchecked']
  .filter(Boolean)
  .join('-');
const report = new Report(flag('out') ?? '.', name, bench.description);
const problem = stepProblem(bench);
const { matrixUnits } = options;

const parts: Record<string, { readonly seconds: number; run(): Promise<readonly (Table | null)[]> }> = {
  adapter: { seconds: 1, run: async () => [await describeGpu(bench)] },
  overheads: { seconds: 5, run: async () => [await measureOverheads(bench)] },
  steps: { seconds: 40, run: () => measureSteps(bench, problem, { named: flag('kinds')?.split(';'), matrixUnits }) },
  attention: { seconds: 5, run: async () => [await measureAttention(bench)] },
  products: { seconds: 30, run: () => measureProducts(bench) },
  torch: { seconds: 30, run: async () => [await measureTorch(problem, secondsLeft)] },
  predictions: { seconds: 0, run: async () => [comparePredictions(report.tables)] },
};
for (const [part, { seconds, run }] of Object.entries(parts)) {
  if (only && !only.includes(part)) continue;
  if (secondsLeft() < seconds) {
    console.log(`Left out for want of time: ${part}.`);
    continue;
  }
  const start = performance.now();
  try {
    for (const table of await run()) if (table) await report.add(table);
  } catch (error) {
    console.log(`${part} failed: ${(error as Error).stack}`);
    process.exitCode = 1;
  }
  console.log(`(${part}: ${((performance.now() - start) / 1000).toFixed(0)} s)\n`);
}
process.exit();
