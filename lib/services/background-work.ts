/** Work in the background, of which each project has one task after the other. A failure is logged, and ends no later task. */
export class BackgroundWork {
  private readonly running = new Map<string, Promise<void>>();

  /** @param failure what the log says first of a task that failed */
  constructor(private readonly failure: string) {}

  isRunning(projectId: string): boolean {
    return this.running.has(projectId);
  }

  /** Settles with what has been given to it so far. */
  of(projectId: string): Promise<void> {
    return this.running.get(projectId) ?? Promise.resolve();
  }

  add(projectId: string, task: () => Promise<void>): void {
    const work = this.of(projectId)
      .then(task)
      .catch((error: unknown) => {
        console.error(this.failure, error);
      })
      .finally(() => {
        if (this.running.get(projectId) === work) this.running.delete(projectId);
      });
    this.running.set(projectId, work);
  }
}
