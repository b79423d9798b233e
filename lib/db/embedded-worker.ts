/**
 * The thread that the embedded database runs in, so that a query never blocks the server's event loop. cli/build.mjs
 * bundles it. It executes requests one after another; their order, and which of them form a transaction, is decided by
 * embedded-client.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { types } from '@electric-sql/pglite';
import { type EmbeddedAnswer, type EmbeddedRequest, packError } from './embedded-protocol';
import { openEmbedded } from './pglite';

/** Types that drizzle parses from PostgreSQL's text itself: dates, intervals and lists of them. */
const asText = [types.TIMESTAMP, types.TIMESTAMPTZ, types.INTERVAL, types.DATE, 1231, 1115, 1185, 1187, 1182];
const parsers = Object.fromEntries(asText.map((type) => [type, (value: string) => value]));

const port = parentPort!;
const reply = (answer: EmbeddedAnswer) => port.postMessage(answer);

try {
  const { client } = await openEmbedded((workerData as { folder: string }).folder);
  const answer = async (request: EmbeddedRequest): Promise<unknown> => {
    if (request.type === 'close') return client.close();
    if (request.type === 'exec') return void (await client.exec(request.text));
    const { rows, affectedRows, fields } = await client.query(request.text, request.params, {
      rowMode: request.rowMode,
      parsers,
    });
    return { rows, affectedRows, fields };
  };
  port.on('message', (request: EmbeddedRequest) => {
    answer(request)
      .then(
        (result) => reply({ id: request.id, result }),
        (error: unknown) => reply({ id: request.id, error: packError(error) }),
      )
      .finally(() => {
        if (request.type === 'close') port.close();
      });
  });
  reply({ opened: true });
} catch (error) {
  reply({ opened: false, error: packError(error) });
}
