/** Help of `rescue admin`; its implementation is in a bundle of its own. */
import type { Command } from '../trainer/cli/command-line';
import { runFromBundle } from './run-from-bundle';

const help = `rescue admin reset EMAIL [options]

For an administrator who cannot sign in, and whom no other administrator can help. Prints a link with which the person
chooses a new password; it works once, for a day. All of the person's sessions end when it is used.

With the embedded database the server has to be stopped meanwhile; with PostgreSQL it may run.

  --set-password  asks for the new password (or reads it from the input), and prints no link
  --data-dir DIR  the folder of the server (or DATA_DIR; default ./data)

Environment: DATABASE_URL, BASE_URL and PORT, as for "rescue serve".
`;

export const adminCommand: Command = {
  summary: 'let an administrator in who cannot sign in',
  help,
  run: runFromBundle('./admin.mjs', 'admin'),
};
