/**
 * Measures a GPU within a time limit, most important questions first; a part that no longer fits is left out and said to be.
 *   start.sh [folder] [--seconds=420] [--only=part,part] [--without-robustness]
 */
import { measureAttention } from './attention';
import { EXTRA_FEATURES, openBenchDevice } from './bench-device';
import { measureOverheads } from './overheads';
import { measureProducts } from './products';
import { Report, type Table } from './report';
import { measureSteps, measureTorch, stepProblem } from './steps';

const flag = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const began = performance.now();
const limit = Number(flag('seconds') ?? 420);
const secondsLeft = () => limit - (performance.now() - began) / 1000;
const only = flag('only')?.split(',');

const bench = await openBenchDevice(!process.argv.includes('--without-robustness'));
const report = new Report(flag('out') ?? '.', bench.description);
const { info } = (await bench.gpu.requestAdapter())!;
const configs = (info as GPUAdapterInfo & { subgroupMatrixConfigs?: Iterable<object> }).subgroupMatrixConfigs;
await report.add({
  title: 'Adapter',
  head: ['what', 'value'],
  rows: [
    ['vendor, architecture, device', [info.vendor, info.architecture, info.device, info.description].join(', ')],
    ['subgroup size', `${info.subgroupMinSize} to ${info.subgroupMaxSize}`],
    ['features taken', [...bench.device.features].join(' ')],
    ['asked for too', EXTRA_FEATURES.join(' ')],
    ['offered', [...(await bench.gpu.requestAdapter())!.features].join(' ')],
    ['subgroup matrices', [...(configs ?? [])].map((config) => describeConfig(config)).join('; ')],
    ...(
      [
        'maxBufferSize',
        'maxStorageBufferBindingSize',
        'maxStorageBuffersPerShaderStage',
        'maxComputeWorkgroupStorageSize',
        'maxComputeInvocationsPerWorkgroup',
        'minUniformBufferOffsetAlignment',
      ] as const
    ).map((name) => [name, String(bench.device.limits[name])] as const),
  ],
});

function describeConfig(config: object): string {
  const { componentType, resultComponentType, M, N, K } = config as Record<string, unknown>;
  return `${componentType} -> ${resultComponentType} ${M} x ${N} x ${K}`;
}

const problem = stepProblem(bench);
const parts: Record<string, { readonly seconds: number; run(): Promise<readonly (Table | null)[]> }> = {
  overheads: { seconds: 5, run: async () => [await measureOverheads(bench)] },
  steps: { seconds: 60, run: () => measureSteps(bench, problem, flag('kinds')) },
  torch: { seconds: 30, run: async () => [await measureTorch(problem, secondsLeft)] },
  products: { seconds: 60, run: () => measureProducts(bench) },
  attention: { seconds: 20, run: async () => [await measureAttention(bench)] },
};
for (const [name, part] of Object.entries(parts)) {
  if (only && !only.includes(name)) continue;
  if (secondsLeft() < part.seconds) {
    console.log(`Left out for want of time: ${name}.`);
    continue;
  }
  const start = performance.now();
  try {
    for (const table of await part.run()) if (table) await report.add(table);
  } catch (error) {
    console.log(`${name} failed: ${(error as Error).stack}`);
    process.exitCode = 1;
  }
  console.log(`(${name}: ${((performance.now() - start) / 1000).toFixed(0)} s)\n`);
}
process.exit();
