/** One attempt to deliver a message: signed, within bounds, to a public address, without following where it is sent on. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { DeliveryFailure } from '@/lib/schemas/webhook';
import { isPublicTarget, PrivateAddressError, publicLookup } from './public-address';

/** From the first byte to the answer's head. */
const TIMEOUT_MS = 15_000;
/** Of the answer's body nothing is kept; a receiver that goes on sending is cut off. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface SignedMessage {
  id: string;
  url: string;
  /** Each that holds gives a signature, so that a receiver needs to know one of them. */
  secrets: readonly string[];
  payload: string;
}

export interface Attempt {
  /** Null: no answer came. */
  status: number | null;
  failure: DeliveryFailure | null;
}

export interface SendOptions {
  /** Private and loopback addresses, and plain http, are allowed. */
  allowPrivate: boolean;
  lookup?: LookupFunction;
  timeoutMs?: number;
}

/** For receivers within one's own network: WEBHOOKS_ALLOW_PRIVATE=1 in the server's environment. */
export const privateWebhooksAllowed = (): boolean => process.env.WEBHOOKS_ALLOW_PRIVATE === '1';

/** Never throws: what goes wrong is the attempt's failure. */
export async function sendWebhook(
  { id, url, secrets, payload }: SignedMessage,
  { allowPrivate, lookup, timeoutMs = TIMEOUT_MS }: SendOptions,
): Promise<Attempt> {
  const target = new URL(url);
  if (!allowPrivate && !isPublicTarget(target)) return { status: null, failure: 'private' };
  const at = new Date();
  const messageId = `msg_${id}`;
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(payload),
    'user-agent': 'Rescue-Studio-Webhooks/1',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, at, payload)).join(' '),
  };
  const ask = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((done) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const failed = (error: Error) => done({ status: null, failure: signal.aborted ? 'timeout' : failureOf(error) });
    // No connection is shared: each is made to an address that was looked at.
    const own = lookup ?? (allowPrivate ? undefined : publicLookup());
    const sent = ask(
      target,
      { method: 'POST', headers, agent: false, signal, ...(own && { lookup: own }) },
      (answer) => {
        const status = answer.statusCode ?? 0;
        done({ status, failure: status >= 200 && status < 300 ? null : 'status' });
        let bytes = 0;
        answer.on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > MAX_ANSWER_BYTES) sent.destroy();
        });
        answer.on('error', () => undefined);
      },
    );
    sent.on('error', failed);
    sent.end(payload);
  });
}

function failureOf(error: Error): DeliveryFailure {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof PrivateAddressError) return 'private';
  if (/^E(?:NOTFOUND|AI_AGAIN|NODATA)$/.test(code)) return 'unknownHost';
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code)) return 'certificate';
  return code === 'ETIMEDOUT' ? 'timeout' : 'connection';
}
