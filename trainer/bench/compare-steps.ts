/**
 * Compares implementations of one training step, paired: every round times each of them once, in an order that rotates;
 * ratios are taken per round. Their losses must agree at every step before a time counts.
 */
import { type StepImplementation, type StepProblem, stepFlops } from './step-problem';
import { median, type Timing } from './timing';

export interface Comparison {
  readonly problem: StepProblem;
  readonly rounds: number;
  /** CPU time compares single threads; only wall time includes work on a GPU. */
  readonly clock: keyof Timing;
  /** Sizes of the square products by which the device's rate is measured, and how many are timed at once. */
  readonly products: { readonly sizes: readonly number[]; readonly times: number };
  /** Prefixes of the names to which ratios are taken. */
  readonly bases: readonly string[];
  /** Relative difference of losses that counts as rounding; larger for half precision. */
  readonly tolerance?: (name: string) => number;
}

interface Runner {
  readonly implementation: StepImplementation;
  readonly times: number[];
  readonly losses: number[];
  /** Best GFLOP/s of a large matrix product. */
  rate: number;
}

/** Prints a table and closes the implementations. The losses of the first one are the reference. */
export async function compareSteps(
  implementations: readonly StepImplementation[],
  comparison: Comparison,
): Promise<void> {
  const runners = await warmUp(implementations);
  if (runners.length === 0) return;
  for (let round = 0; round < comparison.rounds; round++) {
    for (let i = 0; i < runners.length; i++) {
      const runner = runners[(i + round) % runners.length]!;
      const { loss, ...timing } = await runner.implementation.run();
      runner.losses.push(loss);
      runner.times.push(timing[comparison.clock]);
      runner.rate = Math.max(runner.rate, await productRate(runner.implementation, comparison));
    }
  }
  checkLosses(runners, comparison.tolerance ?? (() => 2e-3));
  printTable(runners, comparison);
  for (const { implementation } of runners) await implementation.close();
}

/** Runs a first step of each, which compiles and allocates; one that fails is left out, with the reason. */
async function warmUp(implementations: readonly StepImplementation[]): Promise<Runner[]> {
  const runners: Runner[] = [];
  for (const implementation of implementations) {
    try {
      runners.push({ implementation, times: [], losses: [(await implementation.run()).loss], rate: 0 });
    } catch (error) {
      console.log(`${implementation.name} left out: ${String(error).split('\n')[0]}\n`);
      await Promise.resolve()
        .then(() => implementation.close())
        .catch(() => {});
    }
  }
  return runners;
}

async function productRate(implementation: StepImplementation, { clock, products }: Comparison): Promise<number> {
  let best = 0;
  for (const size of products.sizes) {
    const timing = await implementation.multiply(size, products.times);
    best = Math.max(best, (2 * size ** 3 * products.times) / timing[clock] / 1e6);
  }
  return best;
}

/** With equal weights, batch and optimizer, losses must be equal, or the times mean nothing. */
function checkLosses(runners: readonly Runner[], tolerance: (name: string) => number): void {
  for (const { implementation, losses } of runners) {
    losses.forEach((loss, step) => {
      const expected = runners[0]!.losses[step]!;
      if (!(Math.abs(loss - expected) < tolerance(implementation.name) * expected)) {
        throw new Error(
          `${implementation.name} computes something else: loss ${loss} at step ${step}, not ${expected}`,
        );
      }
    });
  }
}

function printTable(runners: readonly Runner[], { problem, clock, bases }: Comparison): void {
  const gigaflop = stepFlops(problem) / 1e9;
  const tokens = problem.batch * problem.length;
  const fastest = Math.max(...runners.map(({ rate }) => rate));
  const compared = bases.flatMap((base) => {
    const runner = runners.find(({ implementation }) => implementation.name.startsWith(base));
    return runner ? [{ base, times: runner.times }] : [];
  });
  const heads = [
    'implementation',
    ...compared.map(({ base }) => `${clock === 'cpuMs' ? 'CPU time' : 'time'} / ${base}`),
    'tokens/s',
    'its matmul, GFLOP/s',
    'step / its matmul',
    `step / ${short(fastest)} GFLOP/s, the best here`,
  ];
  console.log(`| ${heads.join(' | ')} |`);
  console.log(`|---|${'---:|'.repeat(heads.length - 1)}`);
  for (const { implementation, times, rate } of runners) {
    const ms = median(times);
    const achieved = (1000 * gigaflop) / ms;
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
    const ratios = compared.map((base) => median(times.map((own, i) => own / base.times[i]!)).toFixed(2));
    const speed = (1000 * tokens) / ms;
    const shares = [percent(achieved / rate), percent(achieved / fastest)];
    console.log(`| ${[implementation.name, ...ratios, short(speed), short(rate), ...shares].join(' | ')} |`);
  }
}

const short = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
