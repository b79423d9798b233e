/** Security headers for every answer. Pages that Next renders get further ones from proxy.ts. */
import type { ServerResponse } from 'node:http';

/** The policy of documents without scripts: error pages, redirects, and what Next answers without calling proxy.ts. */
const FALLBACK_POLICY = [
  `default-src 'none'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const ONE_YEAR_SECONDS = 31_536_000;

/** Adds the headers when the answer's head is written, since only then its status and other headers are known. */
export function addSecurityHeaders(response: ServerResponse, { https }: { https: boolean }): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    const given = rest.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
    for (const [name, value] of Object.entries(given ?? {})) response.setHeader(name, value as string);
    const isFile = status < 300 || status === 304 ? !isHtml(response) : false;
    if (!isFile && !response.hasHeader('content-security-policy')) {
      response.setHeader('content-security-policy', FALLBACK_POLICY);
    }
    if (https) response.setHeader('strict-transport-security', `max-age=${ONE_YEAR_SECONDS}`);
    return writeHead(status, ...rest.filter((value) => typeof value === 'string'));
  }) as typeof response.writeHead;
}

const isHtml = (response: ServerResponse) => String(response.getHeader('content-type') ?? '').includes('text/html');
