import { expect, it } from 'vitest';
import { parseTheme } from './theme';

it('a cookie with an unknown theme follows the system’s setting', () => {
  expect(['light', 'dark', 'system', 'sepia', '', undefined].map(parseTheme)).toEqual([
    ...['light', 'dark', 'system', 'system', 'system', 'system'],
  ]);
});
