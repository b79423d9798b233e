/** A backup that cannot be made or used, in a sentence. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
