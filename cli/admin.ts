/**
 * `rescue admin reset`, in a bundle of its own, since the trainer's commands must not load a database. It works where
 * nobody can sign in: on the database itself.
 */
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { configuredOrigin } from '../lib/auth/origin';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../lib/schemas/password-rules';
import { createRecoveryLink, setPassword } from '../lib/services/recover-account';
import { CommandError, type CommandIo } from '../trainer/cli/command-line';
import { assertDatabaseIn, setProjectRoot } from './server-folder';

export async function admin(argv: readonly string[], io: CommandIo): Promise<number> {
  const { email, folder, asksPassword } = readArguments(argv);
  setProjectRoot();
  if (folder !== undefined) process.env.DATA_DIR = folder;
  if (!process.env.DATABASE_URL) await assertDatabaseIn(resolve(process.env.DATA_DIR || 'data'));
  if (asksPassword) {
    const set = allowed(email, await setPassword(email, await readPassword(io)));
    io.stdout(`The password of ${set.email} is set. All earlier sessions have ended.\n`);
    return 0;
  }
  const { token, expiresAt } = allowed(email, await createRecoveryLink(email));
  const address = configuredOrigin() ?? `http://localhost:${process.env.PORT ?? 3000}`;
  io.stdout(`${address}/reset/${token}\n`);
  io.stderr.write(`Open it in a browser once the server runs. It works once, until ${expiresAt.toISOString()}.\n`);
  return 0;
}

type Answer = Awaited<ReturnType<typeof createRecoveryLink>> | Awaited<ReturnType<typeof setPassword>>;

function allowed<T extends Answer>(email: string, answer: T): Exclude<T, { refused: string }> {
  if (!('refused' in answer)) return answer as Exclude<T, { refused: string }>;
  if (answer.refused === 'deactivated') {
    throw new CommandError(`${answer.email} is deactivated; an administrator can reactivate it`);
  }
  const administrators = answer.administrators.join(', ') || 'none yet';
  throw new CommandError(`there is no account ${email}. Administrators: ${administrators}`);
}

function readArguments(argv: readonly string[]) {
  const options = { 'data-dir': { type: 'string' }, 'set-password': { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const [action, email, ...more] = positionals;
    if (action !== 'reset' || email === undefined || more.length > 0) {
      throw new Error('it is called as "rescue admin reset EMAIL"');
    }
    return { email, folder: values['data-dir'], asksPassword: values['set-password'] ?? false };
  } catch (error) {
    throw new CommandError((error as Error).message.split('. ')[0] as string, 2);
  }
}

/** From a terminal without showing it, else the first line of the input. */
async function readPassword(io: CommandIo): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  const silent = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal });
  if (isTerminal) io.stderr.write('New password (it is not shown): ');
  const password = await new Promise<string>((done) => {
    lines.once('line', done);
    lines.once('close', () => done(''));
  });
  lines.close();
  if (isTerminal) io.stderr.write('\n');
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    throw new CommandError(`a password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters`);
  }
  return password;
}
