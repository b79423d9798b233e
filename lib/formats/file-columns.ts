/** The columns of a file, as its first rows have them. */
import { columnLimits, columnName, type FileColumn } from '../schemas/column-mapping';

export interface FileColumns {
  list: FileColumn[];
  /** Further columns that are not listed. */
  more: number;
}

/** The names of all columns that can be mapped, in the order in which they stand in the rows. */
export function columnsOf(rows: readonly unknown[]): FileColumns {
  const samples = new Map<string, Set<string>>();
  for (const row of rows) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) continue;
    for (const [name, value] of Object.entries(row)) {
      let own = samples.get(name);
      if (!own) {
        if (!columnName.safeParse(name).success) continue;
        own = new Set();
        samples.set(name, own);
      }
      if (own.size < columnLimits.samples && samples.size <= columnLimits.columns) {
        const shown = shortened(value);
        if (shown !== '') own.add(shown);
      }
    }
  }
  const all = [...samples].map(([name, values]) => ({ name, samples: [...values] }));
  return { list: all.slice(0, columnLimits.columns), more: Math.max(0, all.length - columnLimits.columns) };
}

function shortened(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  if (text.length <= columnLimits.sampleLength) return text;
  // Half a surrogate pair is no text.
  return `${text.slice(0, columnLimits.sampleLength - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
