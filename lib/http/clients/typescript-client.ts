/** Writes the TypeScript client: one file without dependencies, for Node, Deno, Bun and browsers. */

import { CREATION_KEY_HEADER } from '@/lib/schemas/creation';
import {
  type DescribedOperation,
  type OpenApiDocument,
  operationsOf,
  type Parameter,
  sentencesOf,
} from '@/lib/schemas/open-api';
import { quoted, typeOf } from './json-types';

export const typescriptClient = (document: OpenApiDocument): string =>
  [prelude(document.info.version), ...operationsOf(document).map(methodOf), '}', ''].join('\n');

function methodOf(operation: DescribedOperation): string {
  const { id, method, path, parameters, body, answer } = operation;
  const fields = [
    ...parameters.map(({ name, required, schema }) => `${quoted(name)}${required ? '' : '?'}: ${typeOf(schema)}`),
    ...(body === null ? [] : [body === 'file' ? 'body?: FileBody' : `body: ${typeOf(body)}`]),
  ];
  const isOptional = parameters.every(({ required }) => !required) && (body === null || body === 'file');
  const given = fields.length === 0 ? '' : `given: { ${fields.join('; ')} }${isOptional ? ' = {}' : ''}`;
  const result = answer === 'file' ? 'Response' : answer === 'nothing' ? 'void' : typeOf(answer);
  const kind = answer === 'file' ? 'file' : answer === 'nothing' ? 'nothing' : 'json';
  const named = (place: Parameter['in']) => {
    const some = parameters.filter((parameter) => parameter.in === place);
    return some.map(({ name }) => `${quoted(name)}: ${givenFor(name)}`).join(', ');
  };
  const givenFor = (name: string) =>
    `given[${JSON.stringify(name)}]${name === CREATION_KEY_HEADER ? ' ?? crypto.randomUUID()' : ''}`;
  const parts = [
    ...(named('query') && [`query: { ${named('query')} }`]),
    ...(named('header') && [`headers: { ${named('header')} }`]),
    ...(body === null ? [] : [body === 'file' ? 'file: given.body' : 'json: given.body']),
  ];
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => `\${encodeURIComponent(given.${name})}`);
  return `
  /** ${sentencesOf(operation)} */
  ${id}(${given}): Promise<${result}> {
    return this.ask('${kind}', '${method}', \`${address}\`, { ${parts.join(', ')} }) as Promise<${result}>;
  }`;
}

const prelude = (version: string) => `/**
 * A client of Rescue Studio's API ${version}. Made from its OpenAPI document by "npm run clients": do not change it by hand.
 *
 *   const rescue = new RescueStudio('https://rescue.example.org', process.env.RESCUE_API_KEY);
 *   const { projects } = await rescue.listProjects();
 */

export type FileBody = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>;

/** A refusal, as problem details (RFC 9457). */
export class RescueStudioError extends Error {
  constructor(
    readonly status: number,
    /** Stays the same in every language. */
    readonly key: string,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = 'RescueStudioError';
  }
}

interface Request {
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  json?: unknown;
  file?: FileBody | undefined;
}

/** How often a request is sent, at most, that may be repeated: one that reads, or has an idempotency key. */
const ATTEMPTS = 5;

/** Whether the same request may succeed in a moment. A conflict that says when to ask again is with the request itself. */
const mayPass = ({ status, headers }: Response) =>
  [429, 502, 503, 504].includes(status) || (status === 409 && headers.has('retry-after'));

function pause(answer: Response | null, attempt: number): Promise<void> {
  const seconds = Number(answer?.headers.get('retry-after') ?? 0) || 2 ** (attempt - 2) * (0.75 + 0.5 * Math.random());
  return new Promise((done) => setTimeout(done, Math.min(seconds, 60) * 1000));
}

const texts = (values: Record<string, unknown> = {}) =>
  Object.entries(values).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));

export class RescueStudio {
  /** @param server its address, without /api */
  constructor(
    private readonly server: string,
    private readonly key: string | undefined,
  ) {}

  private async ask(kind: 'json' | 'file' | 'nothing', method: string, path: string, request: Request): Promise<unknown> {
    const { json, file } = request;
    const query = new URLSearchParams(texts(request.query)).toString();
    const address = \`\${this.server.replace(/\\/+$/, '')}/api/${version}\${path}\${query && \`?\${query}\`}\`;
    const headers: Record<string, string> = {
      authorization: \`Bearer \${this.key}\`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(file !== undefined && { 'content-type': 'application/octet-stream' }),
      ...Object.fromEntries(texts(request.headers)),
    };
    const asked = {
      method,
      headers,
      body: json === undefined ? file : JSON.stringify(json),
      ...(file instanceof ReadableStream && { duplex: 'half' }),
      redirect: 'error',
    } as RequestInit;
    const mayRepeat = (method === 'GET' || 'idempotency-key' in headers) && !(file instanceof ReadableStream);
    const answer = await this.send(address, asked, mayRepeat ? ATTEMPTS : 1);
    if (!answer.ok) {
      const problem = (await answer.json().catch(() => ({}))) as { title?: string; key?: string; details?: unknown };
      const title = problem.title ?? \`The server answered \${answer.status}.\`;
      throw new RescueStudioError(answer.status, problem.key ?? '', title, problem.details);
    }
    if (kind === 'file') return answer;
    return kind === 'json' ? answer.json() : undefined;
  }

  private async send(address: string, asked: RequestInit, attempts: number): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === attempts;
      const answer = await fetch(address, asked).catch((error: unknown) => {
        if (isLast) throw error;
        return null;
      });
      if (answer && (isLast || !mayPass(answer))) return answer;
      await pause(answer, attempt);
    }
  }`;
