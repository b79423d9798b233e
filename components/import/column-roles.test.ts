import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnDraft, columnMappingSchema } from '@/lib/schemas/column-mapping';
import { type ColumnRole, roleOf, rolesOf, withRole } from './column-roles';

const columns = ['q', 'a', 'b', 'model', 'n', 'note'];
const given = (...choices: [string, ColumnRole][]) =>
  choices.reduce<ColumnDraft>((draft, [column, role]) => withRole(draft, columns, column, role), { responses: [] });

describe('what columns hold, chosen one by one', () => {
  it('makes a mapping, in which responses stand as in the file', () => {
    const draft = given(
      ['b', { is: 'response' }],
      ['a', { is: 'response' }],
      ['q', { is: 'prompt' }],
      ['model', { is: 'source' }],
      ['n', { is: 'score', of: 'b' }],
      ['note', { is: 'document' }],
    );
    expect(columnMappingSchema.parse(draft)).toEqual({
      prompt: 'q',
      documents: ['note'],
      responses: [
        { column: 'a', source: 'model' },
        { column: 'b', source: 'model', score: 'n' },
      ],
    });
    expect(columns.map((column) => roleOf(draft, column))).toEqual([
      { is: 'prompt' },
      { is: 'response' },
      { is: 'response' },
      { is: 'source' },
      { is: 'score', of: 'b' },
      { is: 'document' },
    ]);
  });

  it('a column that becomes something else, or is taken by another, holds nothing of before', () => {
    const draft = given(['q', { is: 'prompt' }], ['a', { is: 'response' }], ['n', { is: 'score' }]);
    const changed = withRole(draft, columns, 'a', { is: 'document' });
    expect(changed).toEqual({ prompt: 'q', documents: ['a'], responses: [] });
    expect(roleOf(changed, 'n')).toEqual({ is: 'unused' });
    expect(roleOf(withRole(draft, columns, 'b', { is: 'prompt' }), 'q')).toEqual({ is: 'unused' });
  });

  it('any sequence of choices leaves each column with what was chosen last, unless another took its place', () => {
    const step = fc.record({ column: fc.constantFrom(...columns), choice: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let draft: ColumnDraft = { responses: [] };
        for (const { column, choice } of steps) {
          const roles = rolesOf(draft, column);
          const role = roles[choice % roles.length]!;
          draft = withRole(draft, columns, column, role);
          // With one response column, what is of it is of every response.
          expect(roleOf(draft, column).is).toBe(role.is);
          expect(
            rolesOf(draft, column).some((one) => JSON.stringify(one) === JSON.stringify(roleOf(draft, column))),
          ).toBe(true);
        }
      }),
    );
  });
});
