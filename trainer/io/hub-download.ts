/**
 * Downloads a model from a hub into a store, over the routes that hubs share: /{repo}/resolve/{revision}/{file}. The
 * revision is pinned to its commit first, so that all files belong to one state and a complete file is never downloaded
 * again. A broken download keeps its part, and the next attempt resumes it. Works in Node and in a browser.
 */

import { type Message, message } from '../contract/message';
import { configFile, unchangedTextFiles, weightsFile, weightsIndexFile } from '../contract/model-files';
import { fileAddress, type HubAddress, HubError } from './hub-address';
import type { ModelStore } from './model-store';
import { ModelFilesError, parseShardIndex } from './shard-index';

export interface DownloadProgress {
  readonly file: string;
  readonly received: number;
  /** Null where the hub does not report it. */
  readonly total: number | null;
}

export interface DownloadOptions {
  readonly address: HubAddress;
  readonly store: ModelStore;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

const inFile = (file: string, reason: Message): Message => message('inFile', { file, reason });

/** Most attempts at a file without progress. */
const attempts = 3;

/**
 * Resolves to the model's folder in the store. Without a connection, a model that is complete in the store is used.
 * Throws HubError, or the signal's reason.
 */
export async function downloadModel(options: DownloadOptions): Promise<string> {
  const { address, store } = options;
  const base = repoInStore(address);
  const revisionFile = revisionInStore(address);
  const config = fileAddress(address, configFile);
  let commit: string;
  try {
    const response = await request(config, {}, options.signal);
    if (!response.ok) throw await refusal(response, config);
    commit = commitOf(response, address);
    const bytes = await wholeBody(response, config, options.signal);
    await store.write(`${base}/${commit}/${configFile}`, bytes);
  } catch (error) {
    const known = await store.read(revisionFile);
    if (!(error instanceof NoConnectionError) || known === undefined) throw error;
    return `${base}/${new TextDecoder().decode(known)}`;
  }
  const folder = `${base}/${commit}`;
  const file = new FileDownloader({ ...options, address: { ...address, revision: commit } }, folder);
  for (const name of unchangedTextFiles) await file.optional(name);
  if (!(await file.optional(weightsFile))) await downloadShards(file, store, folder);
  await store.write(revisionFile, new TextEncoder().encode(commit));
  return folder;
}

/** The commit that a branch points to; the branch itself where the hub does not report it. */
export function commitOf(response: Response, address: HubAddress): string {
  const commit = response.headers.get('x-repo-commit') ?? address.revision;
  if (/^[\w.-]+$/.test(commit)) return commit;
  throw new HubError(inFile(fileAddress(address, configFile), message('unusableCommit', { commit })));
}

/** A model's folder in a store, for an address pinned to its commit. */
export function folderInStore(address: HubAddress): string {
  return `${repoInStore(address)}/${address.revision}`;
}

/** Whether all files of the model were downloaded, so that a missing file is one that the model lacks. */
export function isWholeInStore(store: ModelStore, address: HubAddress): Promise<boolean> {
  return store.has(revisionInStore(address));
}

const repoInStore = ({ origin, repo }: HubAddress) => `${new URL(origin).host.replace(':', '_')}/${repo}`;

/** Path of the file that records the commit of a revision when its download was completed. */
const revisionInStore = (address: HubAddress) =>
  `${repoInStore(address)}/revisions/${encodeURIComponent(address.revision)}`;

async function downloadShards(file: FileDownloader, store: ModelStore, folder: string): Promise<void> {
  const index = weightsIndexFile;
  if (!(await file.optional(index))) {
    throw new HubError(inFile(file.addressOf(weightsFile), message('noSuchFileNorIndex', { index })));
  }
  try {
    const places = parseShardIndex(file.addressOf(index), (await store.read(`${folder}/${index}`))!);
    for (const shard of new Set(places.values())) await file.required(shard);
  } catch (error) {
    throw error instanceof ModelFilesError ? new HubError(error.translatable) : error;
  }
}

class NoConnectionError extends HubError {}

export async function request(url: string, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal });
  } catch (error) {
    signal?.throwIfAborted();
    const cause = (error as { cause?: Error }).cause ?? (error as Error);
    throw new NoConnectionError(inFile(url, message('noConnection', { detail: cause.message })));
  }
}

/** Throws HubError, the signal's reason. */
export async function wholeBody(
  response: Response,
  url: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw broken(error, url, signal);
  }
}

/** The error for a body that was not read to its end. Throws the signal's reason. */
function broken(error: unknown, url: string, signal?: AbortSignal): NoConnectionError {
  signal?.throwIfAborted();
  return new NoConnectionError(inFile(url, message('connectionBroke', { detail: (error as Error).message })));
}

export async function refusal(response: Response, url: string): Promise<HubError> {
  await response.body?.cancel();
  const why: Record<number, Message> = {
    401: message('hubAsksForLogin'),
    403: message('hubForbids'),
    404: message('noSuchFile'),
  };
  return new HubError(inFile(url, why[response.status] ?? message('hubAnswered', { status: response.status })));
}

class FileDownloader {
  constructor(
    private readonly options: DownloadOptions,
    private readonly folder: string,
  ) {}

  addressOf(file: string): string {
    return fileAddress(this.options.address, file);
  }

  async required(file: string): Promise<void> {
    if (!(await this.optional(file))) throw new HubError(inFile(this.addressOf(file), message('noSuchFile')));
  }

  /** Downloads a file that may be absent; false when the hub does not have it. */
  async optional(file: string): Promise<boolean> {
    const path = `${this.folder}/${file}`;
    if (await this.options.store.has(path)) return true;
    let failures = 0;
    for (;;) {
      const before = (await this.options.store.part(path))?.size ?? 0;
      try {
        return await this.attempt(file, path);
      } catch (error) {
        if (!(error instanceof NoConnectionError)) throw error;
        const after = (await this.options.store.part(path))?.size ?? 0;
        failures = after > before ? 0 : failures + 1;
        if (failures === attempts) throw error;
      }
    }
  }

  private async attempt(file: string, path: string): Promise<boolean> {
    const { store, signal, onProgress } = this.options;
    const url = this.addressOf(file);
    const part = await store.part(path);
    // Only a tag guarantees that the rest belongs to the part that is there.
    const resumable = part !== null && part.size > 0 && part.tag !== '';
    const headers = resumable ? { range: `bytes=${part.size}-`, 'if-range': part.tag } : undefined;
    const response = await request(url, { 'accept-encoding': 'identity', ...headers }, signal);
    if (response.status === 404) {
      await response.body?.cancel();
      return false;
    }
    if (response.status === 416) {
      await response.body?.cancel();
      await (await store.openPart(path, { tag: '', append: false })).close();
      return this.attempt(file, path);
    }
    if (!response.ok) throw await refusal(response, url);
    const append = resumable && response.status === 206 && rangeStart(response) === part.size;
    if (response.status === 206 && !append) throw await refusal(response, url);
    let received = append ? part.size : 0;
    const rest = plainLength(response);
    const total = rest === null ? null : received + rest;
    const writer = await store.openPart(path, { tag: strongTag(response), append });
    try {
      onProgress?.({ file, received, total });
      for await (const bytes of chunks(response, url, signal)) {
        await writer.write(bytes);
        received += bytes.length;
        onProgress?.({ file, received, total });
      }
      if (total !== null && received !== total) {
        throw new NoConnectionError(inFile(url, message('connectionEnded', { received, total })));
      }
      await writer.finish();
    } finally {
      await writer.close();
    }
    return true;
  }
}

async function* chunks(response: Response, url: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = response.body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw broken(error, url, signal);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** The length of the body, unless it is compressed: then the header does not give the file's length. */
function plainLength({ headers }: Response): number | null {
  const length = headers.get('content-length');
  const encoding = headers.get('content-encoding') ?? 'identity';
  return length === null || encoding !== 'identity' ? null : Number(length);
}

function rangeStart({ headers }: Response): number | null {
  const match = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '');
  return match ? Number(match[1]) : null;
}

/** A weak tag guarantees equal meaning, not equal bytes, so it cannot be used for a range. */
function strongTag({ headers }: Response): string {
  const tag = headers.get('etag') ?? '';
  return tag.startsWith('W/') ? '' : tag;
}
