/** What the contract suite uses of vitest, for a page: tests are collected, and run one after the other by `runTests`. */
import { chai, type ExpectStatic, JestChaiExpect } from '@vitest/expect';

chai.use(JestChaiExpect);

export const expect = Object.assign((value: unknown, message?: string) => chai.expect(value, message), {
  fail(message: string): never {
    throw new chai.AssertionError(message);
  },
}) as unknown as ExpectStatic;

type Work = () => unknown;
interface Group {
  readonly name: string;
  readonly before: Work[];
  readonly after: Work[];
  readonly tests: { readonly name: string; readonly work: Work }[];
}

const groups: Group[] = [];
let current: Group | null = null;

export function describe(name: string, body: Work): void {
  const outer = current;
  current = { name, before: [], after: [], tests: [] };
  groups.push(current);
  body();
  current = outer;
}
export const it = (name: string, work: Work) => current!.tests.push({ name, work });
export const beforeAll = (work: Work) => current!.before.push(work);
export const afterAll = (work: Work) => current!.after.push(work);

export interface TestResult {
  readonly name: string;
  /** Null: it passed. */
  readonly error: string | null;
}

/** Runs the groups whose name contains `only`. */
export async function runTests(only: string): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const { name, before, after, tests } of groups.filter((group) => group.name.includes(only))) {
    for (const work of before) await work();
    for (const test of tests) {
      const error = await Promise.resolve()
        .then(test.work)
        .then(
          () => null,
          (thrown: unknown) => String(thrown),
        );
      results.push({ name: `${name} > ${test.name}`, error });
    }
    for (const work of after) await work();
  }
  return results;
}
