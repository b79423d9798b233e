import type { CreateSnapshotRequest } from '@/lib/schemas/snapshot-request';

/** What is typed into the fields of a selection. */
export interface TypedSelection {
  source: string;
  language: string;
  leastPriority: string;
  leastAnnotators: string;
  importedFrom: string;
  importedUntil: string;
  withoutFlagged: boolean;
  validation: string;
  test: string;
  pairsPerPrompt: string;
  leastMargin: string;
  winsPerLoss: string;
  seed: string;
}

export const nothingTyped: TypedSelection = {
  source: '',
  language: '',
  leastPriority: '',
  leastAnnotators: '',
  importedFrom: '',
  importedUntil: '',
  withoutFlagged: false,
  validation: '',
  test: '',
  pairsPerPrompt: '',
  leastMargin: '',
  winsPerLoss: '',
  seed: '',
};

/** The request's selection; undefined where all fields but the seed are empty, so that the snapshot is what it is without one. */
export function selectionOf(typed: TypedSelection): CreateSnapshotRequest['selection'] {
  const { source, language, withoutFlagged, validation, test, seed, importedFrom, importedUntil, ...numbers } = typed;
  const given = {
    ...texts({ source, language, importedFrom, importedUntil }),
    ...Object.fromEntries(Object.entries(texts(numbers)).map(([name, text]) => [name, Number(text)])),
    ...(withoutFlagged ? { withoutFlagged: true as const } : {}),
    ...(Number(validation) + Number(test) > 0 ? { split: { validation: Number(validation), test: Number(test) } } : {}),
  };
  return Object.keys(given).length === 0 ? undefined : { seed: Number(seed), ...given };
}

const texts = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])));
