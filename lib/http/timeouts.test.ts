/** A real server over real connections, with spans of milliseconds instead of minutes. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { applyTimeouts, type Timeouts } from './timeouts';

const quick: Timeouts = { headersMs: 300, idleMs: 300, bytes: 1024, formMs: 900, drainMs: 300 };
const FILE = '/api/uploads/00000000-0000-4000-8000-000000000000';
const FORM = '/api/projects/00000000-0000-4000-8000-000000000000';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(answer: RequestListener): Promise<number> {
  const server = createServer({ connectionsCheckingInterval: 100 }, answer);
  applyTimeouts(server, quick);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Counts what came of a body and answers with that at its end. */
const counting: RequestListener = async (request, response) => {
  let bytes = 0;
  try {
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    response.end(`${bytes}`);
  } catch {
    response.destroy();
  }
};

function talk(port: number) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  return { socket, closed, heard: () => heard };
}

const head = (method: string, path: string, length: number) =>
  `${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n`;
async function answerOf(heard: () => string): Promise<void> {
  while (heard() === '') await sleep(10);
}
/** Keeps the whole program from anything else. */
function busyFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Sends the body in pieces, one every so many milliseconds, until the connection is gone. */
async function drip(socket: Socket, pieces: number, bytes: number, everyMs: number) {
  for (let sent = 0; sent < pieces && !socket.destroyed; sent++) {
    socket.write('x'.repeat(bytes));
    await sleep(everyMs);
  }
}

describe('an upload', () => {
  it('may take many times the idle timeout while its bytes keep arriving', async () => {
    const { socket, heard } = talk(await serve(counting));
    socket.write(head('PATCH', FILE, 30 * 2048));
    await drip(socket, 30, 2048, 60);
    while (!heard().includes(`${30 * 2048}`)) await sleep(10);
    expect(heard()).toMatch(/^HTTP\/1\.1 200/);
  });

  it('that stalls or is too slow is cut off', async () => {
    const port = await serve(counting);
    const silent = talk(port);
    silent.socket.write(`${head('PATCH', FILE, 100_000)}some bytes`);
    const trickle = talk(port);
    trickle.socket.write(head('PATCH', FILE, 100_000));
    void drip(trickle.socket, 1000, 1, 50);
    await Promise.all([silent.closed, trickle.closed]);
    expect(silent.heard() + trickle.heard()).toBe('');
  });

  it('that waits for the server to take it is not cut off', async () => {
    const port = await serve(async (request, response) => {
      await sleep(4 * quick.idleMs);
      counting(request, response);
    });
    const { socket, heard } = talk(port);
    socket.write(head('PATCH', FILE, 500_000) + 'x'.repeat(500_000));
    while (heard() === '') await sleep(10);
    expect(heard()).toMatch(/^HTTP\/1\.1 200[\s\S]*500000/);
  });

  it('is not cut off at the moment in which the server takes what has long been there', async () => {
    const port = await serve((request, response) => {
      // Busy past the end of the second span, the server has two things due at once: to take the body, and to look.
      setTimeout(busyFor, 2 * quick.idleMs - 50, 100);
      setTimeout(
        () => {
          request.on('data', () => undefined);
          request.on('end', () => response.end('all'));
        },
        2 * quick.idleMs - 10,
      );
    });
    const { socket, heard, closed } = talk(port);
    socket.write(head('PATCH', FILE, 5_000_000) + 'x'.repeat(5_000_000));
    await Promise.race([closed, answerOf(heard)]);
    expect(heard()).toMatch(/^HTTP\/1\.1 200/);
  });
});

it('a form that never ends is cut off, however steadily it arrives', async () => {
  const { socket, closed, heard } = talk(await serve(counting));
  socket.write(head('PATCH', FORM, 1_000_000));
  void drip(socket, 1000, 2048, 60);
  await closed;
  expect(heard()).toBe('');
});

it('headers that never end are cut off', async () => {
  const { socket, closed } = talk(await serve(counting));
  socket.write('GET / HTTP/1.1\r\n');
  const dripping = (async () => {
    while (!socket.destroyed) {
      socket.write('x: y\r\n');
      await sleep(20);
    }
  })();
  await closed;
  await dripping;
});

it('a server that works for long before it answers keeps its connection', async () => {
  const { socket, heard } = talk(
    await serve(async (_, response) => {
      await sleep(4 * quick.idleMs);
      response.end('done');
    }),
  );
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  while (heard() === '') await sleep(10);
  expect(heard()).toContain('done');
});

it('an answer that is not read is dropped', async () => {
  const given: Promise<void>[] = [];
  const port = await serve((_, response) => {
    given.push(new Promise((done) => response.once('close', () => done())));
    response.end(Buffer.alloc(64 * 1024 * 1024));
  });
  const { socket } = talk(port);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  while (given.length === 0) await sleep(10);
  await given[0];
});

it('an answer before the end of the body arrives, and the rest of the body is discarded', async () => {
  const port = await serve((request, response) => {
    request.once('readable', () => {
      response.writeHead(413);
      response.end('too large');
    });
  });
  const { socket, closed, heard } = talk(port);
  socket.write(head('POST', FILE, 2 ** 40));
  let sent = 0;
  const sending = (async () => {
    while (!socket.destroyed) {
      if (socket.write('x'.repeat(65_536))) sent += 65_536;
      await sleep(5);
    }
  })();
  await closed;
  await sending;
  expect(heard()).toMatch(/^HTTP\/1\.1 413[\s\S]*too large/);
  expect(sent).toBeLessThan(2 ** 40);
});
