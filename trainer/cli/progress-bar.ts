/** A progress bar on a terminal; elsewhere (a log file) a line at intervals. Writes to stderr only. */
import type { CommandIo } from './command-line';

/** Milliseconds between lines of a log file. */
const logInterval = 15_000;
/** Fewest milliseconds between updates of a terminal. */
const drawInterval = 100;

export class ProgressBar {
  private readonly startedAt: number;
  private lastShown = Number.NEGATIVE_INFINITY;
  private startedFrom: number | null = null;

  constructor(
    private readonly label: string,
    private readonly stderr: CommandIo['stderr'],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = now();
  }

  /** `note` is printed behind the numbers, such as a loss. The time left is estimated from the work of this process. */
  update(done: number, total: number, note = ''): void {
    const now = this.now();
    this.startedFrom ??= Math.max(0, done - 1);
    const finished = done >= total;
    if (!finished && now - this.lastShown < (this.stderr.isTTY ? drawInterval : logInterval)) return;
    this.lastShown = now;
    const elapsed = (now - this.startedAt) / 1000;
    const left = (elapsed / Math.max(done - this.startedFrom, 1)) * (total - done);
    const time = finished ? `took ${duration(elapsed)}` : `${duration(left)} left`;
    const text = `${Math.floor((100 * done) / total)}%  ${done}/${total}  ${time}${note ? `  ${note}` : ''}`;
    if (!this.stderr.isTTY) {
      this.stderr.write(`${this.label} ${text}\n`);
      return;
    }
    const width = Math.max(10, Math.min(30, (this.stderr.columns ?? 80) - this.label.length - text.length - 4));
    const filled = Math.round((width * done) / total);
    const line = `${this.label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}`;
    this.stderr.write(`\r${line.slice(0, (this.stderr.columns ?? 80) - 1)}\x1b[K${finished ? '\n' : ''}`);
  }
}

/** A duration in seconds as 42 s, 3 min 05 s, 2 h 10 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
