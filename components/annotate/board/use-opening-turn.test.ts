import { describe, expect, it } from 'vitest';
import { openingTurn } from './use-opening-turn';

const turns = (roles: string) =>
  [...roles].map((role) => ({ role: ({ s: 'system', u: 'user', a: 'assistant' } as const)[role as 's'] }));

describe('openingTurn', () => {
  it('is the last turn of the user, also where the assistant spoke after it', () => {
    expect(openingTurn(turns('suau'))).toBe(3);
    expect(openingTurn(turns('suaua'))).toBe(3);
    expect(openingTurn(turns('su'))).toBe(1);
  });

  it('is none where nothing stands before it, or the user said nothing', () => {
    expect(openingTurn(turns('u'))).toBeNull();
    expect(openingTurn(turns('ua'))).toBeNull();
    expect(openingTurn(turns('sa'))).toBeNull();
    expect(openingTurn([])).toBeNull();
  });
});
