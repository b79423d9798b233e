import { message } from '@/trainer/contract/message';
import { snapshotHeaderSchema } from '../schemas/snapshot';
import type { SnapshotWriter } from './format';

/** More than any header has, so that no large file is read as a whole to see that it is none. */
const MOST_BYTES = 1024 * 1024;

/** snapshot.json, the file beside the records, set out for people to read. */
export const snapshotHeader: SnapshotWriter = {
  id: 'header',
  title: message('fileOfHeader'),
  holds: 'snapshot',
  sniff: ({ bytes, row }) => row === undefined && bytes.length < MOST_BYTES && isHeader(bytes),
  mediaType: 'application/json',
  fileName: () => 'snapshot.json',
  write: { begin: (header) => [JSON.stringify(header, null, 2)] },
};

function isHeader(bytes: Uint8Array): boolean {
  try {
    return snapshotHeaderSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).success;
  } catch {
    return false;
  }
}
