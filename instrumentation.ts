/** Next calls this once when the server starts, never while it builds. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return;
  const { startUp } = await import('./lib/http/start-up');
  await startUp();
}
