/** Without a key, a touch or a move for this long, nobody is taken to be working any more. */
export const IDLE_MS = 60_000;

/**
 * Time on task without idle time: it runs while the page is in sight and for IDLE_MS after each sign of the person.
 * Pure: every method is told the time in ms, which never goes back.
 */
export class ActiveTime {
  private at = 0;
  private lastSign = 0;
  private visible = false;

  constructor(private total = 0) {}

  /** The page came into sight; that is a sign of the person too. */
  show(now: number): void {
    this.advance(now);
    this.visible = true;
    this.lastSign = now;
  }

  /** Out of sight, or behind something that has to be read first. */
  hide(now: number): void {
    this.advance(now);
    this.visible = false;
  }

  /** A key, a touch, a move, a scroll. */
  sign(now: number): void {
    this.advance(now);
    this.lastSign = now;
  }

  read(now: number): number {
    this.advance(now);
    return this.total;
  }

  private advance(now: number): void {
    if (this.visible) this.total += Math.max(0, Math.min(now, this.lastSign + IDLE_MS) - this.at);
    this.at = now;
  }
}
