/** A model's folder on a hub, read over the network without downloading it. */
import { configFile } from '../contract/model-files';
import type { PeekableSource } from './check-model';
import { fileAddress, type HubAddress } from './hub-address';
import { commitOf, refusal, request, wholeBody } from './hub-download';

/**
 * Pins the address to its commit first, so that everything that is read belongs to one state. Throws HubError, or the
 * signal's reason.
 */
export async function openHubFolder(
  asked: HubAddress,
  signal?: AbortSignal,
): Promise<{ address: HubAddress; source: PeekableSource }> {
  const url = fileAddress(asked, configFile);
  const response = await request(url, {}, signal);
  if (!response.ok) throw await refusal(response, url);
  await response.body?.cancel();
  const address = { ...asked, revision: commitOf(response, asked) };
  return { address, source: hubSource(address, signal) };
}

export function hubSource(address: HubAddress, signal?: AbortSignal): PeekableSource {
  /** The response for a file, or for its first bytes; undefined when there is no such file. */
  const ask = async (name: string, bytes?: number): Promise<Response | undefined> => {
    const url = fileAddress(address, name);
    const response = await request(url, bytes === undefined ? {} : { range: `bytes=0-${bytes - 1}` }, signal);
    if (response.ok) return response;
    if (response.status !== 404) throw await refusal(response, url);
    await response.body?.cancel();
    return undefined;
  };
  return {
    pathOf: (name) => fileAddress(address, name),
    async read(name) {
      const response = await ask(name);
      return response && wholeBody(response, fileAddress(address, name), signal);
    },
    async size(name) {
      const response = await ask(name, 1);
      await response?.body?.cancel();
      return response && sizeOf(response);
    },
    async readStart(name, bytes) {
      const response = await ask(name, bytes);
      return response ? firstBytes(response, bytes) : new Uint8Array();
    },
  };
}

function sizeOf({ status, headers }: Response): number {
  const total =
    status === 206 ? /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] : headers.get('content-length');
  return Number(total ?? 0);
}

/** Stops reading after `count` bytes, also where the hub ignores ranges. */
async function firstBytes(response: Response, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  let length = 0;
  const reader = response.body!.getReader();
  while (length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    const piece = value.subarray(0, count - length);
    bytes.set(piece, length);
    length += piece.length;
  }
  await reader.cancel().catch(() => {});
  return bytes.subarray(0, length);
}
