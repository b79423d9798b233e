import { type PromptFilter, type PromptSort, promptListQuerySchema } from '@/lib/schemas/prompt-list';

export type PromptSearch = PromptFilter & { sort: PromptSort };

const { after: _, ...fields } = promptListQuerySchema.shape;

/** What a page's address asks for; what no such page can have is left out, so that an old link still opens. */
export function searchOf(params: URLSearchParams): PromptSearch {
  const valid = Object.entries(fields).flatMap(([name, schema]) => {
    const value = params.get(name);
    const parsed = value === null ? undefined : schema.safeParse(value).data;
    return parsed === undefined ? [] : [[name, parsed]];
  });
  return { sort: 'import', ...Object.fromEntries(valid) };
}

/** The query of the page's address and of its requests; the usual order is not named. */
export function queryOf(search: PromptSearch): string {
  const named = Object.entries(search).filter(([name, value]) => value && !(name === 'sort' && value === 'import'));
  return new URLSearchParams(named as [string, string][]).toString();
}

export const isFiltered = ({ sort: _, ...filter }: PromptSearch): boolean => Object.values(filter).some(Boolean);
