import type { Message } from '@/trainer/contract/message';

/** A file cannot be read past this point, whatever becomes of its lines so far. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
  /** @param line where it is, if the reader knows better than "behind the last row" */
  constructor(
    readonly reason: Message,
    readonly line?: number,
  ) {
    super(reason.key);
  }
}
