import { refusalMessage } from '@/lib/auth/refusal';
import type { RowError } from '@/lib/formats/format';
import { issue } from '@/lib/schemas/issue';
import { importLimits } from '@/lib/schemas/prompt-import';
import type { BadLine } from '@/trainer/contract/message';
import { RefusedLines } from './project-job';

/** As many as are shown. */
const KEPT = 300;

/** What is wrong with a file, of which the first part is kept. */
export class ImportProblems {
  private first: RowError[] = [];
  private count = 0;
  private readonly badLines = new Set<number>();
  /** Whether nothing may be imported of the file. */
  fatal = false;

  /** @param leaveOut whether bad lines are left out, unless nobody knows what is behind them */
  constructor(private readonly leaveOut: boolean) {}

  add(problems: readonly RowError[]): void {
    for (const problem of problems) {
      const ends = problem.ends === true;
      if (!this.leaveOut || ends) {
        // Those that were left out are no reason.
        if (!this.fatal) this.restart();
        this.fatal = true;
      }
      if (this.fatal && this.leaveOut && !ends) continue;
      if (this.first.length < KEPT) this.first.push(problem);
      this.count++;
      this.badLines.add(problem.line);
    }
    if (this.fatal || !this.isEnough) return;
    const reason = issue('tooManyBadLines', { most: importLimits.badLines });
    this.add([{ line: problems.at(-1)!.line, reason, ends: true }]);
  }

  /** Whether there are so many that nobody needs to know of more. */
  get isEnough(): boolean {
    return this.badLines.size > importLimits.badLines;
  }

  /** Nothing else counts. */
  only(problem: RowError): void {
    this.restart();
    this.fatal = false;
    this.add([{ ...problem, ends: true }]);
  }

  isBad(line: number): boolean {
    return this.badLines.has(line);
  }

  get lines(): number {
    return this.badLines.size;
  }

  refusal(): RefusedLines {
    const { line, reason } = this.first[0]!;
    const message = refusalMessage('importRefused', { lines: this.lines, line, reason });
    return new RefusedLines(message, this.first as BadLine[], this.count);
  }

  private restart() {
    this.first = [];
    this.count = 0;
    this.badLines.clear();
  }
}
