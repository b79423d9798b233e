/** Unpacks gzip and ZIP as streams, within bounds that an archive made to fill memory does not pass. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import yauzl from 'yauzl';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import { type ByteSource, streamOf } from './byte-source';
import type { ByteStream } from './byte-stream';
import { FileFault } from './file-fault';
import type { Reading } from './reading';

export async function* gunzipped(source: ByteSource, reading: Reading): ByteStream {
  const gunzip = createGunzip();
  // What fails destroys the last stream of a pipeline with its error, which the loop below throws.
  pipeline(Readable.from(streamOf(source), { objectMode: false }), gunzip, () => undefined);
  yield* bounded(gunzip, source, reading);
}

/**
 * The files with data in an archive, in its order; each is read to its end before the next. Notes beside them, and what
 * systems leave in archives, are passed over.
 */
export async function* unzipped(
  source: ByteSource,
  reading: Reading,
): AsyncGenerator<{ name: string; bytes: ByteStream }> {
  const archive = await openArchive(source);
  try {
    if (archive.entryCount > importLimits.archiveMembers) {
      throw new FileFault(issue('archiveMembers', { most: importLimits.archiveMembers }));
    }
    const members: yauzl.Entry[] = [];
    for await (const entry of archive.eachEntry()) if (holdsData(entry.fileName)) members.push(entry);
    if (members.length === 0) throw new FileFault(issue('archiveEmpty'));
    for (const member of members) {
      const name = member.fileName;
      if (member.isEncrypted()) throw new FileFault(issue('archiveLocked', { name }));
      yield { name, bytes: bounded(await archive.openReadStreamPromise(member), source, reading) };
    }
  } catch (error) {
    throw asFault(error);
  } finally {
    archive.close();
  }
}

const holdsData = (name: string) =>
  !/\/$|(?:^|\/)(?:\.|__MACOSX\/|(?:readme|licen[cs]e|citation|notice)\b|dataset_info\.json$)|\.(?:md|pdf|png|jpe?g|ya?ml|lock)$/i.test(
    name,
  );

class SourceReader extends yauzl.RandomAccessReader {
  constructor(private readonly source: ByteSource) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(streamOf(this.source, start, end), { objectMode: false });
  }
}

async function openArchive(source: ByteSource) {
  try {
    // It would close itself behind its list of files, before any of them is read.
    return await yauzl.fromRandomAccessReaderPromise(new SourceReader(source), source.size, { autoClose: false });
  } catch (error) {
    throw asFault(error);
  }
}

/** The most bytes that so many packed ones may become. */
export function mostUnpacked(packed: number): number {
  const { unpackedBytes, unpackedRatio, smallUnpackedBytes } = importLimits;
  return Math.min(unpackedBytes, Math.max(smallUnpackedBytes, packed * unpackedRatio));
}

/** Bounds all that one packed file becomes, whatever it consists of. */
async function* bounded(unpacked: ByteStream, { size }: ByteSource, reading: Reading): ByteStream {
  const most = mostUnpacked(size);
  try {
    for await (const chunk of unpacked) {
      reading.unpacked += chunk.length;
      if (reading.unpacked > most) throw new FileFault(issue('unpacksTooLarge', { most }));
      yield chunk;
    }
  } catch (error) {
    throw asFault(error);
  }
}

/** All other errors are those that zlib and yauzl make of the file. */
function asFault(error: unknown): FileFault {
  if (error instanceof FileFault) return error;
  const { code, message: detail } = error as NodeJS.ErrnoException;
  return new FileFault(code === 'Z_BUF_ERROR' ? issue('packedCutOff') : issue('packedDamaged', { detail }));
}
