/** `rescue COMMAND ...`: finds the command, runs it or prints its help, and prints its errors. */
import { readFileSync } from 'node:fs';
import { type Command, CommandError, type CommandIo, isFault } from '../trainer/cli/command-line';
import { evaluateCommand } from '../trainer/cli/evaluate';
import { lossCommand } from '../trainer/cli/loss';
import { mergeCommand } from '../trainer/cli/merge';
import { sampleCommand } from '../trainer/cli/sample';
import { scoreCommand } from '../trainer/cli/score';
import { trainCommand } from '../trainer/cli/train';
import { adminCommand } from './admin-command';
import { agreementCommand } from './agreement/agreement-command';
import { replayCommand } from './agreement/replay-command';
import { backupCommand, restoreCommand } from './backup-commands';
import { exportCommand } from './export-command';
import { importCommand, snapshotCommand } from './remote-commands';

const commands: Readonly<Record<string, Command>> = {
  loss: lossCommand,
  train: trainCommand,
  score: scoreCommand,
  evaluate: evaluateCommand,
  sample: sampleCommand,
  merge: mergeCommand,
  agreement: agreementCommand,
  replay: replayCommand,
  import: importCommand,
  snapshot: snapshotCommand,
  export: exportCommand,
  backup: backupCommand,
  restore: restoreCommand,
  admin: adminCommand,
  serve: {
    summary: 'start the web app',
    help: '',
    async run(argv) {
      // Its bundle is imported at run time, since the trainer's commands must not load the app.
      const { serve } = (await import(new URL('./serve.mjs', import.meta.url).href)) as {
        serve(argv: readonly string[]): Promise<number>;
      };
      const code = await serve(argv).catch((error: Error) => {
        throw new CommandError(error.message, 2);
      });
      // Next keeps timers and handles open, so the process has to exit explicitly.
      process.exit(code);
    },
  },
};

const usage = () => `rescue: sort responses into tiers, fine-tune a small model on them, re-rank

${Object.entries(commands)
  .map(([name, { summary }]) => `  rescue ${name.padEnd(9)} ${summary}`)
  .join('\n')}

"rescue COMMAND --help" tells a command's options. Exit code 0 means success.
docs/formats.md describes every file that is read or written, with examples.
`;

const standardIo: CommandIo = {
  stdout: (text) => void process.stdout.write(text),
  terminal: process.stdout.isTTY,
  stderr: process.stderr,
};

/** Runs one command line. @returns the exit code: 0 for success, 2 for wrong usage, 1 for any other failure */
export async function main(argv: readonly string[], io: CommandIo = standardIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.stdout(usage());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    io.stdout(`${version}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    io.stderr.write(`rescue: there is no command "${name}"; "rescue --help" lists them\n`);
    return 2;
  }
  if (command.help && rest.some((argument) => argument === '--help' || argument === '-h')) {
    io.stdout(command.help);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    io.stderr.write(`rescue ${name}: ${explain(error)}\n`);
    return error instanceof CommandError ? error.code : 1;
  }
}

/** The message of an expected error; a fault of the program is printed with its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isFault(error) ? (error.stack ?? error.message) : error.message;
}
