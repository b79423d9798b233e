import { expect, it } from 'vitest';
import { parseTheme } from './theme';

it('a cookie that names no theme of ours leaves the choice to the system', () => {
  expect(['light', 'dark', 'system', 'sepia', '', undefined].map(parseTheme)).toEqual([
    ...['light', 'dark', 'system', 'system', 'system', 'system'],
  ]);
});
