/** Which operations somebody looks for by words: each has to be somewhere in what the page says of the operation. */
import type { DescribedOperation, JsonSchema } from '@/lib/schemas/open-api';
import { fieldsOf, type SchemaField } from './schema-fields';

export interface SearchableOperation {
  operation: DescribedOperation;
  /** Everything that is found, in small letters. */
  words: string;
}

export function searchable(operation: DescribedOperation): SearchableOperation {
  const { id, method, path, tag, scope, summary, description, parameters, body, answer } = operation;
  const said = [id, method, path, tag, scope, summary, description];
  const ofParameters = parameters.flatMap(({ name, description: about = '' }) => [name, about]);
  return { operation, words: [...said, ...ofParameters, ...named(body), ...named(answer)].join(' ').toLowerCase() };
}

const named = (shape: JsonSchema | string | null): string[] =>
  shape === null || typeof shape === 'string' ? [] : fieldsOf(shape).flatMap(namesIn);
const namesIn = ({ name, description, fields }: SchemaField): string[] => [
  name,
  description ?? '',
  ...fields.flatMap(namesIn),
];

export function found(all: readonly SearchableOperation[], looked: string): DescribedOperation[] {
  const wanted = looked.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ words }) => wanted.every((word) => words.includes(word))).map(({ operation }) => operation);
}

/** By their first segment, in the document's order. */
export function byTag(operations: readonly DescribedOperation[]): [tag: string, operations: DescribedOperation[]][] {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return tags.map((tag) => [tag, operations.filter((operation) => operation.tag === tag)]);
}
