import { describe, expect, it } from 'vitest';
import { attachment, byteStream, readChunks, textStream } from './download';

/** Counts what was taken, and notes that nobody wants more. */
function watched(count: number) {
  const seen = { taken: 0, ended: false };
  async function* pieces() {
    try {
      for (let n = 0; n < count; n++) {
        seen.taken++;
        yield `${n}é,`;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, pieces: pieces() };
}

describe('textStream', () => {
  it('is the pieces as UTF-8, to the end', async () => {
    expect(await new Response(textStream(watched(3).pieces)).text()).toBe('0é,1é,2é,');
  });

  it('makes no more than is read, and ends the generator when the reader goes', async () => {
    const { seen, pieces } = watched(1_000);
    const reader = textStream(pieces).getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    expect(seen.taken).toBeLessThan(5);
    expect(seen.ended).toBe(true);
  });
});

describe('byteStream', () => {
  it('closes its source when the reader goes', async () => {
    let closed = false;
    const source = (async function* () {
      try {
        for (;;) yield Uint8Array.of(1, 2);
      } finally {
        closed = true;
      }
    })();
    const reader = byteStream(source).getReader();
    expect([...(await reader.read()).value!]).toEqual([1, 2]);
    await reader.cancel();
    expect(closed).toBe(true);
  });
});

describe('readChunks', () => {
  it('reads a body to its end, and nothing where there is none', async () => {
    const request = new Request('http://localhost/', { method: 'POST', body: 'abc' });
    let text = '';
    for await (const chunk of readChunks(request)) text += Buffer.from(chunk).toString();
    expect(text).toBe('abc');
    for await (const _ of readChunks(new Request('http://localhost/'))) expect.fail('There is no body.');
  });
});

describe('attachment', () => {
  const nameOf = (name: string) => /filename="(.*)"/.exec(attachment(name, 'text/plain')['content-disposition']!)?.[1];

  it.each([
    ['pairs.jsonl', 'pairs.jsonl'],
    ['../../etc/passwd', 'etc-passwd'],
    ['a"\r\nset-cookie: x=1', 'a-set-cookie-x-1'],
    ['.htaccess', 'htaccess'],
    ['日本', 'download'],
  ])('a file named %j is saved as %s', (name, safe) => {
    expect(nameOf(name)).toBe(safe);
  });

  it('is never guessed to be another type, nor kept by a cache', () => {
    expect(attachment('a', 'text/plain', { etag: 'x' })).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      etag: 'x',
    });
  });
});
