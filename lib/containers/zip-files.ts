import { once } from 'node:events';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of an archive or a folder; its content is read to its end before the next file is asked for. */
export interface WrittenFile {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Fast, since the texts of a prompt's pairs repeat one another and compress well anyway. */
const COMPRESSION_LEVEL = 1;

/**
 * A ZIP archive of these files, made as fast as it is read and no faster: a few pieces of one file are in memory. Where
 * reading ends early, so does the file that is being written.
 */
export async function* zipFiles(files: AsyncIterable<WrittenFile>): AsyncGenerator<Uint8Array> {
  const archive = new ZipFile();
  const output = archive.outputStream as Readable;
  let open: Readable | null = null;
  const fill = async () => {
    for await (const { path, content } of files) {
      const file = Readable.from(content, { objectMode: false, highWaterMark: 64 * 1024 });
      open = file;
      const ended = once(file, 'end');
      archive.addReadStream(file, path, { compressionLevel: COMPRESSION_LEVEL });
      await ended;
    }
    archive.end();
  };
  // A failure reaches whoever reads, as an archive that breaks off.
  const filled = fill().catch((error) => output.destroy(error));
  try {
    yield* output as AsyncIterable<Uint8Array>;
  } finally {
    open = (open as Readable | null)?.destroy() ?? null;
    void filled;
  }
}
