/**
 * A call has room for some 120,000 arguments; a list of data spread into them overflows the stack one day. So nothing
 * shipped spreads a list into a call that takes any number of arguments, but for those that are known to be short.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const short: Readonly<Record<string, string>> = {
  'trainer/backends/webgpu/attention-tables.ts': 'a visit is three numbers',
  'trainer/backends/webgpu/matmul.ts': 'the operands of one product',
  'lib/auth/sign-in-limit.ts': 'two keys',
  'lib/backup/catalog.ts': 'one table at a time',
  'lib/db/migrate.ts': 'the migrations of this project',
  'lib/formats/annotation-rows.ts': 'the responses of one prompt',
  'lib/formats/exports/listwise.ts': 'the responses of one prompt',
  'lib/formats/exports/record-views.ts': 'the responses of one prompt',
  'lib/formats/exports/trainer-schemas.test-support.ts': 'the responses of one prompt',
  'lib/formats/shapes/judged-orders.ts': 'the responses of one prompt',
  'components/projects/tier-fields.tsx': 'the tiers of a project',
  'components/annotate/remarks/passages.ts': 'the lines of one mark',
};

const spread =
  /(?:\bMath\.(?:max|min|hypot)|\.(?:push|unshift)|\bString\.from(?:CharCode|CodePoint))\(\s*(?:[^()[\]{}]*,\s*)?\.\.\.|\.apply\(/;

const folders = ['app', 'cli', 'components', 'lib', 'trainer'];
const sources = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => /(?<!\.test|\.bench)\.tsx?$/.test(path) && !/\/(?:bench|assembly|fixtures)\//.test(path)),
);
const spreading = (source: string) => source.split('\n').filter((line) => spread.test(line));

describe('lists as arguments', () => {
  it('are short wherever there are any', () => {
    const found = sources.filter((path) => spreading(readFileSync(path, 'utf8')).length > 0);
    expect(sources.length).toBeGreaterThan(300);
    expect(found.filter((path) => !(path in short))).toEqual([]);
  });

  it.each([
    'const most = Math.max(...ids.values()) + 1;',
    'Math.max(0, ...rows);',
    'list.push(...more);',
    'String.fromCharCode(...bytes)',
    'Math.min.apply(null, list)',
  ])('control: %s is seen', (line) => {
    expect(spreading(line)).toEqual([line]);
  });

  it.each([
    '[...list, one]',
    'list.push({ ...one })',
    'new Map([...one, ...other])',
    'Math.max(a, b)',
    'call(...args)',
  ])('control: %s may be', (line) => {
    expect(spreading(line)).toEqual([]);
  });
});
