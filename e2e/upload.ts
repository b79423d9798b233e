/** The resumable upload, as the page and `rescue import` use it. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { Person } from './people';
import type { TestServer } from './server';

const PIECE = 8 * 2 ** 20;

/** @param project its path, "/projects/:id" @returns the id of the complete upload */
export async function uploadFile(server: TestServer, person: Person, project: string, path: string): Promise<string> {
  const bytes = statSync(path).size;
  const { body } = await person.ask<{ id: string }>('POST', `${project}/uploads`, { name: path, bytes });
  const send = async (method: string, address: string, headers: Record<string, string>, piece?: Buffer) => {
    const answer = await fetch(`${server.url}/api/uploads/${body.id}${address}`, {
      method,
      headers: { cookie: person.cookie, origin: server.url, ...headers },
      body: piece ? new Uint8Array(piece) : null,
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  };
  const hash = createHash('sha256');
  let offset = 0;
  for await (const piece of createReadStream(path, { highWaterMark: PIECE })) {
    hash.update(piece);
    await send('PATCH', '', { 'upload-offset': String(offset), 'content-type': 'application/octet-stream' }, piece);
    offset += piece.length;
  }
  await send('POST', '/finish', { 'x-sha256': hash.digest('hex') });
  return body.id;
}
