/** Help of `rescue export`; its implementation is in a bundle of its own. */
import type { Command } from '../trainer/cli/command-line';
import { serverHelp } from './remote-commands';
import { runFromBundle } from './run-from-bundle';

const help = `rescue export --snapshot NAME --format FORMAT --out FOLDER [options]
rescue export --list

Writes what the Snapshots page's "Export for a trainer" downloads: the rows of a snapshot as a trainer reads them, with a
README that says how they were made and how the trainer is started. docs/exports.md lists the formats.

With --server it asks a running server, from anywhere. Else it reads the database on the server's own machine: with the
embedded one the server has to be stopped meanwhile; with PostgreSQL it may run.

  --snapshot NAME  a snapshot's name, its id, or the beginning of its hash (at least 8 characters)
  --format FORMAT  such as trl-conversational, llama-factory-sharegpt, parquet, csv
  --out FOLDER     must not exist; a name that ends in .zip is written as an archive
  --columns A,B    of prompt_id, sources, margin, support, split, what each row carries beside what the trainer reads;
                   "" for nothing (default: the format's own)
  --people names   in the formats ledger and votes: names instead of pseudonyms
  --list           the snapshots that there are, one a line
  --data-dir DIR   the folder of the server (or DATA_DIR; default ./data)
${serverHelp}  --project NAME   with --server: looks for the snapshot in this project alone (its name or id)

A key needs the scope "read". Environment: DATABASE_URL, as for "rescue serve".
`;

export const exportCommand: Command = {
  summary: 'write a snapshot for a trainer: TRL, LLaMA-Factory, Axolotl, Parquet, ...',
  help,
  run: runFromBundle('./export.mjs', 'exportSnapshot'),
};
