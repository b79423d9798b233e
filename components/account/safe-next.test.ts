import { describe, expect, it } from 'vitest';
import { safeNext } from './safe-next';

describe('safeNext', () => {
  it.each(['/projects/1/annotate', '/people?tab=invites', '/a#b'])('keeps a path of this site: %s', (path) => {
    expect(safeNext(path)).toBe(path);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    null,
    undefined,
  ])('goes home for anything else: %s', (next) => {
    expect(safeNext(next)).toBe('/');
  });
});
