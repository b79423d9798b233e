/**
 * Work that takes hours, kept line by line beside the file it will become: what was written is there after a crash, and
 * the same command goes on behind it. The first line says which command it belongs to.
 */
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { writeFileAtomic } from '../io/model-folder';
import { CommandError } from './command-line';

export interface Journal {
  /** Whole lines of an interrupted command with the same options. */
  readonly lines: readonly string[];
  append(line: string): Promise<void>;
  /** The file gets `lines`, all at once, and the journal goes. */
  finish(lines: readonly string[]): Promise<void>;
}

/** Nothing is written before the first line. Throws CommandError when the journal belongs to other options. */
export async function openJournal(out: string, options: object): Promise<Journal> {
  const path = `${out}.partial`;
  const header = JSON.stringify(options);
  const earlier = await readFile(path, 'utf8').catch(() => '');
  // What follows the last newline was cut off while it was written.
  const [first, ...lines] = earlier.split('\n').slice(0, -1);
  if (lines.length > 0 && first !== header) {
    throw new CommandError(`${path}: begun with other options; repeat those, or remove this file to start afresh`);
  }
  let begun = false;
  return {
    lines,
    async append(line) {
      if (begun) return appendFile(path, `${line}\n`);
      await writeFile(path, textOf([header, ...lines, line]));
      begun = true;
    },
    async finish(all) {
      await writeFileAtomic(out, textOf(all));
      await rm(path, { force: true });
    },
  };
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
