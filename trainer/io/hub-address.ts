/** The address of a model on a hub, as copied from a browser. */

import { message } from '../contract/message';
import { TrainerError } from '../trainer-error';

export interface HubAddress {
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
  /** "owner/name" */
  readonly repo: string;
  /** Branch, tag or commit. */
  readonly revision: string;
}

/** A download that cannot be started or completed; the message names the address. */
export class HubError extends TrainerError {
  override readonly name = 'HubError';
}

export const looksLikeAddress = (text: string): boolean => /^https?:\/\//i.test(text);

const name = /^(?!\.)[\w.-]+$/;

/** "https://HOST/OWNER/NAME" or ".../tree/REVISION" (default "main"). Throws HubError. */
export function parseHubAddress(text: string): HubAddress {
  const refuse = (): never => {
    throw new HubError(message('notModelAddress', { text }));
  };
  if (!looksLikeAddress(text) || !URL.canParse(text)) return refuse();
  const url = new URL(text);
  const [owner, model, tree, ...revision] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  if (!owner || !model || !name.test(owner) || !name.test(model)) return refuse();
  if (tree !== undefined && (tree !== 'tree' || !revision.every((part) => name.test(part)))) return refuse();
  if (url.username !== '' || url.search !== '' || url.hash !== '') return refuse();
  return { origin: url.origin, repo: `${owner}/${model}`, revision: revision.join('/') || 'main' };
}

/** The address of a file, as hubs serve it. */
export function fileAddress({ origin, repo, revision }: HubAddress, file: string): string {
  return `${origin}/${repo}/resolve/${encodeURIComponent(revision)}/${encodeURIComponent(file)}`;
}
