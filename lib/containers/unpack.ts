/** Unpacks gzip and ZIP as streams, within bounds that an archive made to fill memory does not pass. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import yauzl from 'yauzl';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import { type ByteStream, chunksOf } from './byte-stream';
import { FileFault } from './file-fault';

export async function* gunzipped(file: Uint8Array): ByteStream {
  const gunzip = createGunzip();
  // What fails destroys the last stream of a pipeline with its error, which the loop below throws.
  pipeline(Readable.from(chunksOf(file), { objectMode: false }), gunzip, () => undefined);
  yield* bounded(gunzip, file.length);
}

/** The only file with data in an archive. Notes beside it, and what systems leave in archives, are passed over. */
export async function* unzipped(file: Uint8Array): ByteStream {
  const archive = await openArchive(file);
  try {
    if (archive.entryCount > importLimits.archiveMembers) {
      throw new FileFault(issue('archiveMembers', { most: importLimits.archiveMembers }));
    }
    const members: yauzl.Entry[] = [];
    for await (const entry of archive.eachEntry()) if (holdsData(entry.fileName)) members.push(entry);
    const [member, another] = members;
    if (!member) throw new FileFault(issue('archiveEmpty'));
    if (another) {
      const names = { count: members.length, first: member.fileName, second: another.fileName };
      throw new FileFault(issue('archiveOfSeveral', names));
    }
    if (member.isEncrypted()) throw new FileFault(issue('archiveLocked', { name: member.fileName }));
    yield* bounded(await archive.openReadStreamPromise(member), file.length);
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

async function openArchive(file: Uint8Array) {
  try {
    return await yauzl.fromBufferPromise(Buffer.from(file.buffer, file.byteOffset, file.length));
  } catch (error) {
    throw asFault(error);
  }
}

/** @param packed the bytes that these are unpacked from */
async function* bounded(unpacked: ByteStream, packed: number): ByteStream {
  const { unpackedBytes, unpackedRatio, smallUnpackedBytes } = importLimits;
  const most = Math.min(unpackedBytes, Math.max(smallUnpackedBytes, packed * unpackedRatio));
  let size = 0;
  try {
    for await (const chunk of unpacked) {
      size += chunk.length;
      if (size > most) throw new FileFault(issue('unpacksTooLarge', { most }));
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
