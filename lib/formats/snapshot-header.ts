import { message } from '@/trainer/contract/message';
import { snapshotHeaderSchema } from '../schemas/snapshot';
import type { SnapshotWriter } from './format';

/** More than any header has; larger files are not parsed to find out whether they are one. */
const MAX_BYTES = 1024 * 1024;

/** snapshot.json, the header file beside the records, formatted for people. */
export const snapshotHeader: SnapshotWriter = {
  id: 'header',
  title: message('fileOfHeader'),
  holds: 'snapshot',
  sniff: ({ bytes, row }) => row === undefined && bytes.length < MAX_BYTES && isHeader(bytes),
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
