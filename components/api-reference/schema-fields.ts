/** A JSON Schema as a reader needs it: a line about each value, and the fields that lie in it. */
import type { JsonSchema } from '@/lib/schemas/open-api';

export interface SchemaField {
  name: string;
  /** What it is, in a line: `string`, `"a" | "b"`, `array of object`. */
  type: string;
  isRequired: boolean;
  description: string | null;
  fields: SchemaField[];
}

export function schemaField(name: string, schema: JsonSchema, isRequired: boolean): SchemaField {
  const { description = null } = schema;
  return { name, type: typeLine(schema), isRequired, description, fields: fieldsOf(schema) };
}

/** The fields of an object, of an array's items, and of each choice. */
export function fieldsOf(schema: JsonSchema): SchemaField[] {
  const { properties = {}, required = [], additionalProperties, items, prefixItems, allOf } = schema;
  const choices = (schema.anyOf ?? schema.oneOf ?? []).filter((choice) => fieldsOf(choice).length > 0);
  return [
    ...Object.entries(properties).map(([name, field]) => schemaField(name, field, required.includes(name))),
    ...(typeof additionalProperties === 'object' ? leading('*', additionalProperties) : []),
    ...(items ? fieldsOf(items) : []),
    ...(prefixItems ?? []).flatMap((item, i) => leading(String(i), item)),
    ...(allOf ?? []).flatMap(fieldsOf),
    ...(choices.length === 1
      ? fieldsOf(choices[0]!)
      : choices.map((choice, i) => schemaField(`#${i + 1}`, choice, false))),
  ];
}

/** A value that has no name of its own is worth a line only where something lies in it. */
const leading = (name: string, schema: JsonSchema): SchemaField[] =>
  fieldsOf(schema).length > 0 ? [schemaField(name, schema, false)] : [];

export function typeLine(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeLine))].join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const types = [schema.type ?? []].flat();
  if (types.length > 1) return types.map((type) => typeLine({ ...schema, type })).join(' | ');
  const [type = 'any'] = types;
  if (type === 'array') return `array of ${schema.items ? typeLine(schema.items) : 'any'}${bounds(schema)}`;
  return `${type}${schema.format ? ` (${schema.format})` : ''}${bounds(schema)}`;
}

/** What a number, a length or a count may be. What every integer may be says nothing. */
function bounds(schema: JsonSchema): string {
  const least = schema.minimum ?? schema.minLength ?? schema.minItems;
  const most = schema.maximum ?? schema.maxLength ?? schema.maxItems;
  const from = least === undefined || least <= Number.MIN_SAFE_INTEGER ? '' : String(least);
  const to = most === undefined || most >= Number.MAX_SAFE_INTEGER ? '' : String(most);
  return from === '' && to === '' ? '' : ` ${from}…${to}`;
}
