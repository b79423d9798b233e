/** Help of `rescue import` and `rescue snapshot`; their implementation is in a bundle of its own. */
import type { Command } from '../trainer/cli/command-line';
import { runFromBundle } from './run-from-bundle';

export const serverHelp = `  --server URL     a running server (or RESCUE_SERVER), such as https://rescue.example.org
  --key KEY        an API key of it; better in RESCUE_API_KEY, where neither the shell's history nor "ps" shows it
`;

const importHelp = `rescue import --server URL --project NAME --file FILE [options]

Adds the prompts and responses of a file to a project, as the Import page does; docs/formats.md lists what is read. The
file is sent in pieces: called again after a broken connection, the command goes on where it was, and a file that was
imported adds nothing. Bad lines are named, and nothing is written then. Prints one JSON object.

${serverHelp}  --project NAME   a project's name or id
  --file FILE      as it is, also as .gz or .zip
  --columns LIST   what the columns hold of a file whose rows are of no known shape, such as
                   prompt=question,response=answer_a,source=model_a,response=answer_b; docs/formats.md has all words
  --judgements J   of a file that holds some: people (made them), model, or leave-out
  --preview        says what the file would add, and writes nothing
  --leave-out-bad-lines  imports the others

A key needs the scope "import", and "read" to name a project by its name and to show progress.
`;

const snapshotHelp = `rescue snapshot --server URL --project NAME --name NAME [options]

Freezes prompts, responses and pairs as they are now. Where nothing has changed since another snapshot, that one is
named. Prints one JSON object with its id, which "rescue export --snapshot" takes.

${serverHelp}  --project NAME   a project's name or id
  --name NAME      of the snapshot
  --strategy S     how prompts are ordered that nobody annotated (default: they are left out)
  --selection FILE what is chosen, how it is split and balanced, as JSON: see createSnapshot in the API's document

A key needs the scope "snapshots", and "read" to name a project by its name and to show progress.
`;

export const importCommand: Command = {
  summary: 'add a file of prompts to a project of a running server',
  help: importHelp,
  run: runFromBundle('./remote.mjs', 'importFile'),
};

export const snapshotCommand: Command = {
  summary: 'make a snapshot on a running server',
  help: snapshotHelp,
  run: runFromBundle('./remote.mjs', 'createSnapshot'),
};
