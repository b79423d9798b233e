/**
 * As much of vitest as the contract suite uses, so that the suite can be bundled into one file and run where nothing is
 * installed; `build.mjs` puts it in vitest's place. The matchers are vitest's own.
 */
import { chai, GLOBAL_EXPECT, JestChaiExpect, setState } from '@vitest/expect';

type Work = () => unknown;
interface Group {
  readonly name: string;
  readonly tests: { readonly name: string; readonly work: Work }[];
  readonly before: Work[];
  readonly after: Work[];
}

chai.use(JestChaiExpect);
const make = (value: unknown, message?: string) => chai.expect(value, message);
export const expect = Object.assign(make, { fail: chai.expect.fail }) as unknown as typeof import('vitest').expect;
Object.assign(globalThis, { [GLOBAL_EXPECT]: expect });
setState({ assertionCalls: 0 }, expect);

const groups: Group[] = [];
let current: Group = group('');

function group(name: string): Group {
  const made: Group = { name, tests: [], before: [], after: [] };
  groups.push(made);
  return made;
}

export function describe(name: string, define: Work): void {
  const outer = current;
  current = group(outer.name ? `${outer.name} > ${name}` : name);
  define();
  current = outer;
}

export function it(name: string, work: Work): void {
  current.tests.push({ name, work });
}
it.each = (cases: readonly unknown[]) => (name: string, work: (...values: unknown[]) => unknown) => {
  for (const one of cases) {
    const values = Array.isArray(one) ? one : [one];
    let next = 0;
    it(
      name.replace(/%[sdij]/g, () => String(values[next++])),
      () => work(...values),
    );
  }
};
/** @alias it */
export const test = it;
export const beforeAll = (work: Work) => void current.before.push(work);
export const afterAll = (work: Work) => void current.after.push(work);

export interface TestReport {
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
}

/** Runs everything that was described, one after the other; `named`: only what has this in its name. */
export async function runTests(named = ''): Promise<TestReport> {
  let passed = 0;
  const failed: { name: string; error: unknown }[] = [];
  for (const { name: title, tests, before, after } of groups) {
    const chosen = tests.filter(({ name }) => `${title} > ${name}`.includes(named));
    if (chosen.length === 0) continue;
    const run = async (name: string, work: Work) => {
      try {
        await work();
        return true;
      } catch (error) {
        failed.push({ name: `${title} > ${name}`, error });
        return false;
      }
    };
    for (const work of before) await run('before', work);
    for (const { name, work } of chosen) if (await run(name, work)) passed++;
    for (const work of after) await run('after', work);
  }
  return { passed, failed };
}
