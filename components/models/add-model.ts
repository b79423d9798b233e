/**
 * The three ways to add a model. Each resolves with the model's name, and throws an Error or ApiError with a message
 * for people.
 */
import { api } from '@/components/ui/api';
import { uploadInChunks } from '@/components/ui/resumable-upload';
import type { HubModelRequest, ModelSummary, UploadModelRequest, UploadPlan } from '@/lib/schemas/model';
import { UPLOAD_HEADER, type UploadState } from '@/lib/schemas/upload';
import { inspectModel } from './inspect-model';
import type { InspectedModel, PickedFile } from './worker-messages';

export interface AddModelCallbacks {
  /** The idempotency key, so that pressing twice adds one model. */
  readonly once: string;
  readonly onFound: (model: InspectedModel) => void;
  /** The number of the model's bytes that have been transferred. */
  readonly onProgress: (bytes: number) => void;
  /** Whether the connection is broken and a retry is pending. */
  readonly onWaiting: (waiting: boolean) => void;
  readonly signal: AbortSignal;
}

/** The files directly in the chosen folder; files in subfolders are not part of a model. */
export function filesOfFolder(list: Iterable<File>): { folder: string; files: PickedFile[] } {
  const files: PickedFile[] = [];
  let folder = '';
  for (const file of list) {
    const [top = '', name, ...deeper] = file.webkitRelativePath.split('/');
    folder ||= top;
    if (name !== undefined && deeper.length === 0 && !name.startsWith('.')) files.push({ name, file });
  }
  return { folder, files };
}

/** Uploads a folder; after an interruption it resumes at the byte where it stopped. */
export async function addFolder(
  name: string,
  folder: string,
  picked: readonly PickedFile[],
  { onFound, onProgress, onWaiting, signal }: Omit<AddModelCallbacks, 'once'>,
): Promise<string> {
  const model = await inspectModel({ type: 'check', files: picked }, { onFound, signal });
  const files = new Map(picked.map(({ name, file }) => [name, file]));
  const request: UploadModelRequest = {
    name,
    folder,
    files: model.files.map(({ name, bytes }) => ({ name, bytes, modified: files.get(name)!.lastModified })),
  };
  const { id, missing } = await api<UploadPlan>('/models/uploads', { method: 'POST', json: request, signal });
  const remaining = model.files.filter((file) => missing.includes(file.name));
  let sentBytes = model.bytes - remaining.reduce((sum, { bytes }) => sum + bytes, 0);
  onProgress(sentBytes);
  for (const { name, bytes } of remaining) {
    const path = `/models/uploads/${id}/files/${encodeURIComponent(name)}`;
    const begin = () => api<UploadState>(path, { method: 'POST', json: {}, signal });
    const uploadId = await uploadInChunks(begin, files.get(name)!, {
      signal,
      onWaiting,
      onProgress: (uploaded) => onProgress(sentBytes + uploaded),
    });
    await api(path, { method: 'PUT', headers: { [UPLOAD_HEADER]: uploadId }, signal });
    sentBytes += bytes;
    onProgress(sentBytes);
  }
  return nameOf(api(`/models/uploads/${id}/finish`, { method: 'POST', json: {}, signal }));
}

export async function addFromServer(
  name: string,
  folder: string,
  { once, signal }: AddModelCallbacks,
): Promise<string> {
  return nameOf(api('/models/server', { method: 'POST', json: { name, folder }, once, signal }));
}

/** @param address a full URL, or OWNER/NAME on the hub */
export async function addFromHub(name: string, address: string, steps: AddModelCallbacks): Promise<string> {
  // Asks the browser not to evict its storage when space runs short; it may refuse.
  await navigator.storage?.persist?.().catch(() => false);
  const found = await inspectModel({ type: 'download', address }, steps);
  const request: HubModelRequest = {
    name,
    address: found.address!,
    config: found.config!,
    files: found.files.map((file) => ({ ...file })),
  };
  return nameOf(api('/models/hub', { method: 'POST', json: request, once: steps.once, signal: steps.signal }));
}

/** The model's name on the server, which appends a number to a name that is taken. */
const nameOf = async (answer: Promise<{ model: ModelSummary }>) => (await answer).model.name;

/** Prepends the hub's origin to "OWNER/NAME". */
export function hubAddress(typed: string, hubOrigin: string): string {
  const text = typed.trim();
  return /^[\w.-]+\/[\w.-]+$/.test(text) ? `${hubOrigin}/${text}` : text;
}

/** A default name: the last part of an address or a path. */
export function defaultModelName(address: string): string {
  const [path = ''] = address.split('/tree/');
  return path.split('/').filter(Boolean).at(-1) ?? '';
}
