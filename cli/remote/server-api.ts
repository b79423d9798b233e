/** Requests of the command line to a running server, with an API key. What may succeed later is sent again. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { retryDelayMs, retryReason } from '../../components/ui/retry-policy';
import { PROBLEM_TYPE } from '../../lib/schemas/answer-fields';
import { CommandError, type CommandIo } from '../../trainer/cli/command-line';

const text = { type: 'string' } as const;
export const serverOptions = { server: text, key: text } as const;

export interface ServerRequest {
  json?: unknown;
  body?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  /** Called before the request is sent again; the path may be another one then. */
  beforeRetry?: () => Promise<void>;
}

/** A refusal by the server. */
export class ServerRefusal extends CommandError {
  constructor(
    message: string,
    readonly details: unknown,
  ) {
    super(message);
  }
}

/** Amounts to more than two minutes of waiting. */
const MAX_FAILURES = 8;
/** Below /api/v1; a function is asked anew for each try. */
type Path = string | (() => string);
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** What is read of problem details; a server of a later version may say more. */
const problemSchema = z.object({ title: z.string(), details: z.unknown().optional() });
const fieldsSchema = z.array(z.object({ field: z.string(), message: z.string() }));

/** @param given the options --server and --key, which the environment may have instead */
export function openServer(given: { server?: string; key?: string }, io: CommandIo): ServerApi {
  const server = given.server ?? process.env.RESCUE_SERVER;
  const key = given.key ?? process.env.RESCUE_API_KEY;
  if (!server) throw new CommandError('--server is missing (or RESCUE_SERVER in the environment)', 2);
  if (!key) throw new CommandError('the key is missing: RESCUE_API_KEY in the environment, or --key', 2);
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
    throw new CommandError(`--server is "${server}"; it may be an address such as https://rescue.example.org`, 2);
  }
  if (!/^[\x21-\x7e]+$/.test(key)) throw new CommandError('--key: a key has no spaces and only ASCII characters', 2);
  const { protocol, hostname } = new URL(server);
  if (protocol === 'http:' && !LOOPBACK.test(hostname)) {
    io.stderr.write(`rescue: the connection to ${server} is not encrypted: others on the way can read the key\n`);
  }
  return new ServerApi(`${server}${server.endsWith('/') ? '' : '/'}api/v1`, key, io);
}

export class ServerApi {
  constructor(
    private readonly address: string,
    private readonly key: string,
    private readonly io: CommandIo,
  ) {}

  /** The answer's JSON. @throws ServerRefusal */
  async json<S extends z.ZodType>(schema: S, method: string, path: Path, request?: ServerRequest) {
    const answer = await this.response(method, path, request);
    const parsed = schema.safeParse(await answer.json().catch(() => undefined));
    if (!parsed.success) throw notThisServer(this.address, answer.status);
    return parsed.data as z.output<S>;
  }

  /** An answer that is 2xx. @throws ServerRefusal */
  async response(method: string, path: Path, request: ServerRequest = {}): Promise<Response> {
    for (let failures = 1; ; failures++) {
      const answer = await this.send(method, path, request).catch((error: Error) => error);
      if (answer instanceof Response && answer.ok) return answer;
      const status = answer instanceof Response ? answer.status : 0;
      const reason = retryReason(status);
      const mayRetry = reason === 'offline' || reason === 'busy' || [502, 504].includes(status);
      if (!mayRetry || failures > MAX_FAILURES) {
        if (answer instanceof Response) throw await refusalOf(answer, this.address);
        throw new CommandError(`${this.address} does not answer: ${causeOf(answer)}`);
      }
      const wait = waitMs(answer, failures);
      this.io.stderr.write(`rescue: ${said(answer)}; again in ${Math.ceil(wait / 1000)} s\n`);
      await sleep(wait);
      await request.beforeRetry?.();
    }
  }

  private send(method: string, path: Path, { json, body, headers }: ServerRequest): Promise<Response> {
    return fetch(`${this.address}${typeof path === 'string' ? path : path()}`, {
      method,
      body: json === undefined ? body : JSON.stringify(json),
      headers: {
        authorization: `Bearer ${this.key}`,
        'accept-language': 'en',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(body && { 'content-type': 'application/octet-stream' }),
        ...headers,
      },
      // The key goes to the address that was named, and to no other.
      redirect: 'manual',
    });
  }
}

const said = (answer: Response | Error) =>
  answer instanceof Response
    ? `the server answered ${answer.status}`
    : `the server does not answer (${causeOf(answer)})`;

function waitMs(answer: Response | Error, failures: number): number {
  const seconds = answer instanceof Response ? Number(answer.headers.get('retry-after') ?? '') : 0;
  return seconds > 0 ? Math.min(seconds, 120) * 1000 : retryDelayMs(failures);
}

/** What fetch was refused by: its own message is always "fetch failed". */
function causeOf(error: Error): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}

async function refusalOf(answer: Response, address: string): Promise<CommandError> {
  const location = answer.headers.get('location');
  if (answer.status >= 300 && answer.status < 400 && location) {
    return new CommandError(`${address} redirects to ${location}: name that server with --server`);
  }
  const isProblem = answer.headers.get('content-type')?.includes(PROBLEM_TYPE);
  const problem = problemSchema.safeParse(isProblem ? await answer.json().catch(() => undefined) : undefined);
  if (!problem.success) return notThisServer(address, answer.status);
  const { title, details } = problem.data;
  const fields = fieldsSchema.safeParse(details);
  const lines = fields.success ? fields.data.map(({ field, message }) => `\n  ${field}: ${message}`) : [];
  return new ServerRefusal(title + lines.join(''), details);
}

const notThisServer = (address: string, status: number) =>
  new CommandError(`${address} answered ${status}, and not as Rescue Studio does: is --server right?`);
