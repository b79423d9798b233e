import { describe, expect, it } from 'vitest';
import { fieldsOf, type SchemaField, typeLine } from './schema-fields';

describe('a value in a line', () => {
  it.each([
    [{ type: 'string', format: 'uuid' }, 'string (uuid)'],
    [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'integer 1…'],
    [{ type: 'string', minLength: 1, maxLength: 200 }, 'string 1…200'],
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [{ const: 'test' }, '"test"'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'array', items: { type: 'object' }, maxItems: 5 }, 'array of object …5'],
    [{}, 'any'],
  ])('%j', (schema, line) => {
    expect(typeLine(schema)).toBe(line);
  });
});

describe('the fields of', () => {
  const names = (fields: SchemaField[]): unknown[] =>
    fields.map(({ name, fields: inner }) => (inner.length > 0 ? [name, names(inner)] : name));
  const object = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };

  it('an object are its own, with whether they have to be there and what is said of them', () => {
    const described = { ...object, properties: { id: { type: 'string', description: 'Its name' }, n: {} } };
    expect(fieldsOf(described)).toEqual([
      { name: 'id', type: 'string', isRequired: true, description: 'Its name', fields: [] },
      { name: 'n', type: 'any', isRequired: false, description: null, fields: [] },
    ]);
  });
  it('a list are those of its items, however deep', () => {
    expect(names(fieldsOf({ properties: { all: { type: 'array', items: object } } }))).toEqual([['all', ['id']]]);
  });
  it('something that may be null are those of what it is otherwise', () => {
    expect(names(fieldsOf({ anyOf: [object, { type: 'null' }] }))).toEqual(['id']);
  });
  it('a choice stand by the choices', () => {
    expect(names(fieldsOf({ oneOf: [object, object] }))).toEqual([
      ['#1', ['id']],
      ['#2', ['id']],
    ]);
  });
  it('a record and a tuple stand under what leads to them; plain values are said by the line alone', () => {
    expect(names(fieldsOf({ type: 'object', additionalProperties: object }))).toEqual([['*', ['id']]]);
    expect(names(fieldsOf({ prefixItems: [{ type: 'string' }, object] }))).toEqual([['1', ['id']]]);
    expect(fieldsOf({ type: 'object', additionalProperties: { type: 'string' } })).toEqual([]);
  });
});
