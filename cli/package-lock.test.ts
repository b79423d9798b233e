import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Entry {
  optionalDependencies?: Record<string, string>;
}
type Lock = { packages: Record<string, Entry> };

/** Optional dependencies that a package of the lock asks for and the lock does not hold. `npm ci` refuses such a lock. */
function missingOptionals({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`])
      .map((name) => `${name} of ${path || 'the project'}`),
  );
}

const read = () => JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;

describe('package-lock.json', () => {
  it('holds every platform’s optional packages (an install from a registry that lacks one drops its entry)', () => {
    expect(missingOptionals(read())).toEqual([]);
  });

  it('the control: a dropped entry is named', () => {
    const lock = read();
    delete lock.packages['node_modules/@biomejs/cli-darwin-arm64'];
    expect(missingOptionals(lock)).toEqual(['@biomejs/cli-darwin-arm64 of node_modules/@biomejs/biome']);
  });
});
