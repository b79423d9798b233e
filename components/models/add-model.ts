/** The three ways to add a model, each to its end, with the name that it got. They throw an Error or ApiError with a sentence for people. */
import { api } from '@/components/ui/api';
import { uploadInPieces } from '@/components/ui/resumable-upload';
import type { HubModelRequest, ModelSummary, UploadModelRequest, UploadPlan } from '@/lib/schemas/model';
import { UPLOAD_HEADER, type UploadState } from '@/lib/schemas/upload';
import { lookAtModel } from './model-finder';
import type { FoundModel, PickedFile } from './worker-messages';

export interface Steps {
  /** The key of this intention: pressing twice adds one model. */
  readonly once: string;
  readonly onFound: (model: FoundModel) => void;
  /** Bytes so far, of the found model's. */
  readonly onProgress: (bytes: number) => void;
  /** Whether the connection is broken and will be tried again. */
  readonly onWaiting: (waiting: boolean) => void;
  readonly signal: AbortSignal;
}

/** The files right in the chosen folder: what lies deeper is no part of a model. */
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

/** What was sent before an interruption is not sent again, to the byte. */
export async function addFolder(
  name: string,
  folder: string,
  picked: readonly PickedFile[],
  { onFound, onProgress, onWaiting, signal }: Omit<Steps, 'once'>,
): Promise<string> {
  const model = await lookAtModel({ type: 'check', files: picked }, { onFound, signal });
  const files = new Map(picked.map(({ name, file }) => [name, file]));
  const request: UploadModelRequest = {
    name,
    folder,
    files: model.files.map(({ name, bytes }) => ({ name, bytes, modified: files.get(name)!.lastModified })),
  };
  const { id, missing } = await api<UploadPlan>('/models/uploads', { method: 'POST', json: request, signal });
  const left = model.files.filter((file) => missing.includes(file.name));
  let sent = model.bytes - left.reduce((sum, { bytes }) => sum + bytes, 0);
  onProgress(sent);
  for (const { name, bytes } of left) {
    const path = `/models/uploads/${id}/files/${encodeURIComponent(name)}`;
    const begin = () => api<UploadState>(path, { method: 'POST', json: {}, signal });
    const whole = await uploadInPieces(begin, files.get(name)!, {
      signal,
      onWaiting,
      onProgress: (there) => onProgress(sent + there),
    });
    await api(path, { method: 'PUT', headers: { [UPLOAD_HEADER]: whole }, signal });
    sent += bytes;
    onProgress(sent);
  }
  return nameOf(api(`/models/uploads/${id}/finish`, { method: 'POST', json: {}, signal }));
}

export async function addFromServer(name: string, folder: string, { once, signal }: Steps): Promise<string> {
  return nameOf(api('/models/server', { method: 'POST', json: { name, folder }, once, signal }));
}

/** `address`: whole, or OWNER/NAME on the hub. */
export async function addFromHub(name: string, address: string, steps: Steps): Promise<string> {
  // Asks the browser not to clear it away when space runs short; it may say no.
  await navigator.storage?.persist?.().catch(() => false);
  const found = await lookAtModel({ type: 'download', address }, steps);
  const request: HubModelRequest = {
    name,
    address: found.address!,
    config: found.config!,
    files: found.files.map((file) => ({ ...file })),
  };
  return nameOf(api('/models/hub', { method: 'POST', json: request, once: steps.once, signal: steps.signal }));
}

/** What the server calls the model: a name that was taken got a number. */
const nameOf = async (answer: Promise<{ model: ModelSummary }>) => (await answer).model.name;

/** "OWNER/NAME" as typed or copied, with the hub in front. */
export function hubAddress(typed: string, hubOrigin: string): string {
  const text = typed.trim();
  return /^[\w.-]+\/[\w.-]+$/.test(text) ? `${hubOrigin}/${text}` : text;
}

/** The last part of an address or a path: what people call the model. */
export function usualName(address: string): string {
  const [path = ''] = address.split('/tree/');
  return path.split('/').filter(Boolean).at(-1) ?? '';
}
