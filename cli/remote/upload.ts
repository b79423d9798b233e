/** Sends a file in pieces. What has arrived is kept by the server, so that a command that is called again goes on there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import { HASH_HEADER, OFFSET_HEADER } from '../../lib/schemas/upload';
import { CommandError, type CommandIo } from '../../trainer/cli/command-line';
import { ProgressBar } from '../../trainer/cli/progress-bar';
import { type ServerApi, ServerRefusal } from './server-api';

const PIECE = 8 * 2 ** 20;
const stateSchema = z.object({ id: z.string(), offset: z.number(), sha256: z.string().nullable() });
const movedSchema = z.object({ offset: z.number() });

/** @returns the id of the complete upload, and the file's SHA-256 */
export async function uploadFile(server: ServerApi, projectId: string, path: string, io: CommandIo) {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new CommandError(`${path}: this is not a file`);
    const sha256 = await hashOf(path);
    // Known by its content, so that a file that was changed under the same name never goes on with the other's bytes.
    const json = { name: `${basename(path).slice(0, 400)} ${sha256}`, bytes: info.size };
    const upload = await server.json(stateSchema, 'POST', `/projects/${projectId}/uploads`, { json });
    if (upload.sha256 !== sha256) {
      await sendRest(server, file, { ...upload, bytes: info.size }, new ProgressBar('upload', io.stderr));
      await server.json(stateSchema, 'POST', `/uploads/${upload.id}/finish`, { headers: { [HASH_HEADER]: sha256 } });
    }
    return { upload: upload.id, sha256 };
  } finally {
    await file.close();
  }
}

async function sendRest(
  server: ServerApi,
  file: FileHandle,
  { id, offset, bytes }: { id: string; offset: number; bytes: number },
  progress: ProgressBar,
): Promise<void> {
  let position = offset;
  while (position < bytes) {
    const piece = new Uint8Array(Math.min(PIECE, bytes - position));
    const { bytesRead } = await file.read(piece, 0, piece.length, position);
    if (bytesRead === 0) throw new CommandError('the file became shorter while it was sent');
    const headers = { [OFFSET_HEADER]: String(position) };
    position = await server
      .json(movedSchema, 'PATCH', `/uploads/${id}`, { body: piece.subarray(0, bytesRead), headers })
      .then((state) => state.offset)
      .catch((error: unknown) => {
        // A piece whose answer was lost had arrived, in part or whole: the refusal says where to go on.
        const moved = movedSchema.safeParse(error instanceof ServerRefusal ? error.details : undefined);
        if (!moved.success || moved.data.offset === position) throw error;
        return moved.data.offset;
      });
    progress.update(position, bytes);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}
