/**
 * A journal for work that takes hours: results are appended line by line beside the final file, so that the same
 * command resumes after a crash. The first line identifies the command.
 */
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { writeFileAtomic } from '../io/model-folder';
import { CommandError } from './command-line';

export interface SampleJournal {
  /** Complete lines of an interrupted command with the same options. */
  readonly lines: readonly string[];
  append(line: string): Promise<void>;
  /** Writes the final file at once, and deletes the journal. */
  finish(lines: readonly string[]): Promise<void>;
}

/** Writes nothing before the first line. Throws CommandError when the journal belongs to other options. */
export async function openJournal(out: string, options: object): Promise<SampleJournal> {
  const path = `${out}.partial`;
  const header = JSON.stringify(options);
  const earlier = await readFile(path, 'utf8').catch(() => '');
  // Text behind the last newline is an incomplete line.
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
