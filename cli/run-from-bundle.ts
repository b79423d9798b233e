import { type Command, CommandError } from '../trainer/cli/command-line';

/** Loads the bundle when a command runs, since the trainer's commands need no database. */
export const runFromBundle =
  (file: string, name: string): Command['run'] =>
  async (argv, io) => {
    const bundle = (await import(new URL(file, import.meta.url).href)) as Record<string, Command['run']>;
    return bundle[name]!(argv, io).catch((error: Error & { code?: unknown; syscall?: string }) => {
      // The other bundle has its own class of this name, so `instanceof` would fail.
      if (error.name === 'CommandError') throw new CommandError(error.message, error.code as number);
      // A full disk or a folder without write permission: the system's message is enough, without a stack.
      if (error.syscall !== undefined) throw new CommandError(error.message);
      throw error;
    });
  };
