import type { LedgerPrompt, ledgerFormats } from '../schemas/ledger';
import { csvLine } from './csv-line';

interface LedgerFormat {
  readonly mediaType: string;
  /** What stands before the first pair. */
  readonly head: string;
  /** The lines of one prompt's pairs. */
  write(prompt: LedgerPrompt, nameOf: (id: string) => string): string;
}

const names = (ids: readonly string[], nameOf: (id: string) => string) => ids.map(nameOf).join('; ');

/** How the ledger is written: one line a pair. A table has people by name, JSON by id as well. */
export const ledgerLines: Readonly<Record<(typeof ledgerFormats)[number], LedgerFormat>> = {
  csv: {
    mediaType: 'text/csv; charset=utf-8',
    head: csvLine(['prompt', 'better', 'worse', 'outcome', 'margin', 'support', 'against', 'tied', 'decided']),
    write: ({ externalId, isDecided, pairs }, nameOf) =>
      pairs
        .map(({ better, worse, outcome, margin, support, against, tied }) =>
          csvLine([
            externalId,
            better,
            worse,
            outcome,
            margin,
            names(support, nameOf),
            names(against, nameOf),
            names(tied, nameOf),
            isDecided ? 'yes' : 'no',
          ]),
        )
        .join(''),
  },
  jsonl: {
    mediaType: 'application/x-ndjson',
    head: '',
    write: ({ externalId, isDecided, pairs }, nameOf) => {
      const people = (ids: readonly string[]) => ids.map((id) => ({ id, name: nameOf(id) }));
      return pairs
        .map(({ better, worse, outcome, margin, support, against, tied }) => {
          const votes = { support: people(support), against: people(against), tied: people(tied) };
          return `${JSON.stringify({ prompt: externalId, better, worse, outcome, margin, ...votes, decided: isDecided })}\n`;
        })
        .join('');
    },
  },
};
