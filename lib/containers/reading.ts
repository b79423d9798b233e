import type { ByteSource } from './byte-source';
import type { ByteStream } from './byte-stream';

/** Where what cannot be read as a stream is put meanwhile. */
export interface Scratch {
  /** Writes a stream to a file of its own. */
  keep(stream: ByteStream): Promise<ByteSource>;
}

/** One reading of a file: how far it is, and what it consists of. Readers write here, and others look. */
export class Reading {
  /** From 0 to 1, of the file's own bytes. */
  share = 0;
  /** Bytes that were read, and that came out of what was packed. */
  read = 0;
  unpacked = 0;
  /** The files in an archive, with the number of lines in those before each. */
  readonly members: { name: string; linesBefore: number }[] = [];

  constructor(readonly scratch: Scratch | null = null) {}

  /** How much was gone through. */
  get bytes(): number {
    return Math.max(this.read, this.unpacked);
  }

  /** The source, noting how far it is read. */
  watched(source: ByteSource): ByteSource {
    return {
      size: source.size,
      read: async (start, end) => {
        const bytes = await source.read(start, end);
        this.read += bytes.length;
        this.share = source.size === 0 ? 1 : Math.min(1, (start + bytes.length) / source.size);
        return bytes;
      },
    };
  }

  /** Which file of an archive of several a line is in, and its number there. */
  memberAt(line: number): { name: string; line: number } | null {
    if (this.members.length < 2) return null;
    const member = this.members.findLast(({ linesBefore }) => linesBefore < line) ?? this.members[0]!;
    return { name: member.name, line: line - member.linesBefore };
  }
}
