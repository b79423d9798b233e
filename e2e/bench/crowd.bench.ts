/**
 * npm run bench crowd [-- --prompts=20000] [-- --embedded | --postgres]: how long eight annotators wait for their next task and for a
 * save while one researcher imports 20,000 prompts of 4 responses into their project, and then freezes a snapshot of
 * them. The built server, over HTTP, on each database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../lib/db/testing-postgres';
import { join } from '../people';
import { startServer, type TestServer } from '../server';
import { crowd, expectOk, linesOfFour } from './annotators';

const flag = (name: string) => process.argv.find((argument) => argument.startsWith(`--${name}`));
const PROMPTS = Number(flag('prompts')?.split('=')[1] ?? 20_000);
const PEOPLE = 8;
const BEGUN = 2_000;

async function bench(kind: string, server: TestServer): Promise<void> {
  console.log(`\n## ${kind}`);
  const admin = await join(server, server.setupUrl, 'Ada');
  const { project, phase } = await crowd(server, admin, { people: PEOPLE, begun: BEGUN });
  await phase('nothing else', () => sleep(10_000));
  const file = [...linesOfFour(BEGUN, PROMPTS)].join('');
  await phase(`import of ${PROMPTS} x 4`, () =>
    expectOk(admin.ask('POST', `${project}/import`, undefined, { text: file })),
  );
  await phase(`snapshot of ${PROMPTS + BEGUN} x 4`, () =>
    expectOk(admin.ask('POST', `${project}/snapshots`, { name: 'All', strategy: 'hybrid' })),
  );
  await phase('the same, split, checked for leaks and with sources in balance', () =>
    expectOk(
      admin.ask('POST', `${project}/snapshots`, {
        name: 'Selected',
        strategy: 'hybrid',
        selection: { split: { validation: 10, test: 10 }, winsPerLoss: 1 },
      }),
    ),
  );
}

async function onServer(kind: string, env: Record<string, string>): Promise<void> {
  const server = await startServer({ env });
  try {
    await bench(kind, server);
  } finally {
    await server.stop();
  }
}

if (!flag('postgres')) await onServer('the embedded database', {});
if (!flag('embedded')) {
  const postgres = await startPostgres();
  try {
    await onServer('PostgreSQL', { DATABASE_URL: postgres.url });
  } finally {
    await postgres.stop();
  }
}
process.exit(0);
