/**
 * Contestants of one training step against each other, paired: every round times each of them once, in an order that
 * rotates; ratios are taken round by round. Their losses must agree step by step before a time counts.
 */
import { type StepContestant, type StepProblem, stepFlops } from './step-problem';
import { median, type Timing } from './timing';

export interface Comparison {
  readonly problem: StepProblem;
  readonly rounds: number;
  /** CPU time compares single threads; only wall time sees work on a GPU. */
  readonly clock: keyof Timing;
  /** Sizes of the square products by which the device's rate is measured, and how many are timed at once. */
  readonly products: { readonly sizes: readonly number[]; readonly times: number };
  /** Names begin with these: ratios are taken to their times. */
  readonly bases: readonly string[];
  /** Relative difference of losses that is rounding. Half precision rounds more. */
  readonly tolerance?: (name: string) => number;
}

interface Runner {
  readonly contestant: StepContestant;
  readonly times: number[];
  readonly losses: number[];
  /** Best GFLOP/s of a large matrix product. */
  rate: number;
}

/** Prints a table and closes the contestants. The first one's losses are those that count as right. */
export async function compareSteps(contestants: readonly StepContestant[], comparison: Comparison): Promise<void> {
  const runners = await warmUp(contestants);
  if (runners.length === 0) return;
  for (let round = 0; round < comparison.rounds; round++) {
    for (let i = 0; i < runners.length; i++) {
      const runner = runners[(i + round) % runners.length]!;
      const { loss, ...timing } = await runner.contestant.run();
      runner.losses.push(loss);
      runner.times.push(timing[comparison.clock]);
      runner.rate = Math.max(runner.rate, await productRate(runner.contestant, comparison));
    }
  }
  checkLosses(runners, comparison.tolerance ?? (() => 2e-3));
  printTable(runners, comparison);
  for (const { contestant } of runners) await contestant.close();
}

/** A first step each, which compiles and allocates; whoever cannot do it is left out, saying why. */
async function warmUp(contestants: readonly StepContestant[]): Promise<Runner[]> {
  const runners: Runner[] = [];
  for (const contestant of contestants) {
    try {
      runners.push({ contestant, times: [], losses: [(await contestant.run()).loss], rate: 0 });
    } catch (error) {
      console.log(`${contestant.name} left out: ${String(error).split('\n')[0]}\n`);
      await Promise.resolve()
        .then(() => contestant.close())
        .catch(() => {});
    }
  }
  return runners;
}

async function productRate(contestant: StepContestant, { clock, products }: Comparison): Promise<number> {
  let best = 0;
  for (const size of products.sizes) {
    const timing = await contestant.multiply(size, products.times);
    best = Math.max(best, (2 * size ** 3 * products.times) / timing[clock] / 1e6);
  }
  return best;
}

/** The same weights, the same batch, the same optimizer: the same losses, or the times mean nothing. */
function checkLosses(runners: readonly Runner[], tolerance: (name: string) => number): void {
  for (const { contestant, losses } of runners) {
    losses.forEach((loss, step) => {
      const expected = runners[0]!.losses[step]!;
      if (!(Math.abs(loss - expected) < tolerance(contestant.name) * expected)) {
        throw new Error(`${contestant.name} computes something else: loss ${loss} at step ${step}, not ${expected}`);
      }
    });
  }
}

function printTable(runners: readonly Runner[], { problem, clock, bases }: Comparison): void {
  const gigaflop = stepFlops(problem) / 1e9;
  const tokens = problem.batch * problem.length;
  const fastest = Math.max(...runners.map(({ rate }) => rate));
  const compared = bases.flatMap((base) => {
    const runner = runners.find(({ contestant }) => contestant.name.startsWith(base));
    return runner ? [{ base, times: runner.times }] : [];
  });
  const heads = [
    'contestant',
    ...compared.map(({ base }) => `${clock === 'cpuMs' ? 'CPU time' : 'time'} / ${base}`),
    'tokens/s',
    'its matmul, GFLOP/s',
    'step / its matmul',
    `step / ${short(fastest)} GFLOP/s, the best here`,
  ];
  console.log(`| ${heads.join(' | ')} |`);
  console.log(`|---|${'---:|'.repeat(heads.length - 1)}`);
  for (const { contestant, times, rate } of runners) {
    const ms = median(times);
    const achieved = (1000 * gigaflop) / ms;
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
    const ratios = compared.map((base) => median(times.map((own, i) => own / base.times[i]!)).toFixed(2));
    const speed = (1000 * tokens) / ms;
    const shares = [percent(achieved / rate), percent(achieved / fastest)];
    console.log(`| ${[contestant.name, ...ratios, short(speed), short(rate), ...shares].join(' | ')} |`);
  }
}

const short = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
