/** The ops contract and the golden cases of PyTorch as they stand in the tests, run on this machine's GPU. */
import { formsInTurn } from '../backends/contract-epilogue';
import { describeHalfActivations, describeHalfWeights } from '../backends/contract-half';
import { describeBackend } from '../backends/contract-suite';
import { describeTogether } from '../backends/contract-together';
import { createWebGpuBackend, type WebGpuOptions } from '../backends/webgpu/webgpu-backend';
import { checkGoldens } from '../fixtures/check-goldens';
import { adapterGoldens, tinyGoldens, variantGoldens } from '../fixtures/golden';
import { benchOptions, openBenchDevice } from './bench-device';
import { describe, runTests } from './test-runner';

const options = benchOptions();
const { device, description, software } = await openBenchDevice(options);
const { matrixUnits } = options;
const create = (options: WebGpuOptions = {}) =>
  createWebGpuBackend({ device, tune: matrixUnits, matrixUnits, ...options });

const named = process.argv.find((argument) => argument.startsWith('--only='))?.slice(7);
if (!software || named) describeBackend('contract', () => create(), formsInTurn);
if (!software) {
  describeTogether('contract', () => create());
  describeHalfWeights('contract', () => create());
  describeHalfActivations('contract', () => create(), formsInTurn);
  for (const set of [...variantGoldens, adapterGoldens]) describe(set.name, () => checkGoldens(set, create));
}
describe(tinyGoldens.name, () => checkGoldens(tinyGoldens, create));

const { passed, failed } = await runTests(named);
console.log(`Contract and goldens on ${description}: ${passed} passed, ${failed.length} failed.`);
for (const { name, error } of failed.slice(0, 20))
  console.log(`FAILED ${name}\n  ${String(error).split('\n').slice(0, 3).join('\n  ')}`);
process.exit(failed.length > 0 ? 1 : 0);
