/** Why a backup cannot be made or used, as a sentence. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
