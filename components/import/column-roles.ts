/** What a column holds as one choice, and a mapping as these choices make it. */
import type { ColumnDraft, ColumnMapping } from '@/lib/schemas/column-mapping';

const single = [
  'prompt',
  'system',
  'id',
  'referenceLabel',
  'language',
  'priority',
  'winner',
  'annotator',
] as const satisfies readonly (keyof ColumnMapping)[];
const attributes = [
  'source',
  'label',
  'score',
] as const satisfies readonly (keyof ColumnMapping['responses'][number])[];
type Single = (typeof single)[number];
type Attribute = (typeof attributes)[number];

/** `of`: the column of the response that it belongs to; without it, every response. */
export type ColumnRole =
  | { is: 'unused' | 'document' | 'response' | Single }
  | { is: Attribute; of?: string | undefined };

/** All that a column may hold. With one response column nothing has to be said of whose source or score it is. */
export function rolesOf({ responses }: ColumnDraft, column: string): ColumnRole[] {
  const others = responses.map((response) => response.column).filter((name) => name !== column);
  const ofResponses = attributes.flatMap((is): ColumnRole[] => {
    if (others.length === 0) return [];
    if (responses.length === 1) return [{ is }];
    const each = others.map((of): ColumnRole => ({ is, of }));
    return is === 'score' ? each : [...each, { is }];
  });
  return [
    { is: 'unused' },
    { is: 'prompt' },
    { is: 'system' },
    { is: 'id' },
    { is: 'document' },
    { is: 'response' },
    ...ofResponses,
    { is: 'winner' },
    { is: 'annotator' },
    { is: 'referenceLabel' },
    { is: 'language' },
    { is: 'priority' },
  ];
}

export function roleOf(draft: ColumnDraft, column: string): ColumnRole {
  const is = single.find((one) => draft[one] === column);
  if (is) return { is };
  if (draft.documents?.includes(column)) return { is: 'document' };
  const { responses } = draft;
  if (responses.some((response) => response.column === column)) return { is: 'response' };
  for (const attribute of attributes) {
    const own = responses.filter((response) => response[attribute] === column);
    if (own.length > 0)
      return own.length === responses.length ? { is: attribute } : { is: attribute, of: own[0]!.column };
  }
  return { is: 'unused' };
}

/** The mapping in which a column holds this and nothing else. @param columns all of the file, in its order */
export function withRole(
  draft: ColumnDraft,
  columns: readonly string[],
  column: string,
  role: ColumnRole,
): ColumnDraft {
  const free = without(draft, column);
  const inOrder = (a: string, b: string) => columns.indexOf(a) - columns.indexOf(b);
  switch (role.is) {
    case 'unused':
      return free;
    case 'document':
      return { ...free, documents: [...(free.documents ?? []), column].sort(inOrder) };
    case 'response':
      return { ...free, responses: [...free.responses, { column }].sort((a, b) => inOrder(a.column, b.column)) };
    case 'source':
    case 'label':
    case 'score': {
      const { is, of } = role;
      const belongs = (name: string) => of === undefined || of === name;
      const responses = free.responses.map((one) => (belongs(one.column) ? { ...one, [is]: column } : one));
      return { ...free, responses };
    }
    default:
      return { ...free, [role.is]: column };
  }
}

function without(draft: ColumnDraft, column: string): ColumnDraft {
  const { documents = [], responses, ...rest } = draft;
  const others = documents.filter((name) => name !== column);
  return {
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== column)) as typeof rest),
    ...(others.length > 0 && { documents: others }),
    responses: responses
      .filter((response) => response.column !== column)
      .map(
        (response) =>
          Object.fromEntries(
            Object.entries(response).filter(([key, value]) => key === 'sourceName' || value !== column),
          ) as typeof response,
      ),
  };
}
