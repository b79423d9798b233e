/**
 * `rescue backup` and `rescue restore`, in a bundle of their own, since the trainer's commands must not load a
 * database.
 */
import { resolve } from 'node:path';
import { openBackupSource } from '../lib/backup/open-backup-source';
import { restoreBackup } from '../lib/backup/restore-backup';
import { writeBackup } from '../lib/backup/write-backup';
import { type CommandIo, parseOptions, required } from '../trainer/cli/command-line';
import { setProjectRoot } from './server-folder';

const text = { type: 'string' } as const;

const readTarget = (dataDir: string | undefined) => ({
  dataDir: resolve(dataDir ?? (process.env.DATA_DIR || 'data')),
  databaseUrl: process.env.DATABASE_URL || undefined,
});

export async function backup(argv: readonly string[], io: CommandIo): Promise<number> {
  const values = parseOptions(argv, { out: text, 'data-dir': text });
  const out = required(values.out, '--out');
  const { dataDir, databaseUrl } = readTarget(values['data-dir']);
  setProjectRoot();
  const source = await openBackupSource(dataDir, databaseUrl);
  try {
    const result = await writeBackup(source, out);
    io.stdout(`${JSON.stringify({ ...result, paused_ms: source.pausedMs })}\n`);
    return 0;
  } finally {
    await source.close();
  }
}

export async function restore(argv: readonly string[], io: CommandIo): Promise<number> {
  const values = parseOptions(argv, { from: text, 'data-dir': text, replace: { type: 'boolean' } });
  const from = required(values.from, '--from');
  setProjectRoot();
  const result = await restoreBackup({ from, replace: values.replace ?? false, ...readTarget(values['data-dir']) });
  io.stdout(`${JSON.stringify(result)}\n`);
  return 0;
}
