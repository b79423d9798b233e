/** Help and errors of `rescue backup` and `rescue restore`; their implementation is in a bundle of its own. */
import type { Command } from '../trainer/cli/command-line';
import { runFromBundle } from './run-from-bundle';

const backupHelp = `rescue backup --out FILE [options]

Writes the database, the models and files of runs (DATA_DIR/files) and the secret into one file, as they are at one
moment. The server may be running: with PostgreSQL nobody waits; with the embedded database the server copies its
folder, and whoever saves meanwhile waits for that long. Uploads that are under way, what lies in MODELS_DIR and
settings in the environment are not in it.

The file holds password hashes and the secret: only its owner may read it, and it should stay so.

  --out FILE      must not exist
  --data-dir DIR  the folder of the server (or DATA_DIR; default ./data)

Environment: DATABASE_URL, as for "rescue serve".
`;

const restoreHelp = `rescue restore --from FILE [options]

Reads a backup to its end, and changes nothing unless it is whole. Then it restores it: into a folder that holds no
database, or, where DATABASE_URL is set, into an empty PostgreSQL, its files and the secret into the folder. A backup of
either database fits both. One of an older version is brought up to this one. No server may be running there.

  --from FILE     what "rescue backup" wrote
  --data-dir DIR  the folder of the server (or DATA_DIR; default ./data)
  --replace       what lies in the folder is kept in it, as before-restore-TIME, and does not stand in the way

Environment: DATABASE_URL, as for "rescue serve".
`;

export const backupCommand: Command = {
  summary: 'write database, files and secret into one file, while the server runs',
  help: backupHelp,
  run: runFromBundle('./backup.mjs', 'backup'),
};

export const restoreCommand: Command = {
  summary: 'restore a backup, into either database',
  help: restoreHelp,
  run: runFromBundle('./backup.mjs', 'restore'),
};
