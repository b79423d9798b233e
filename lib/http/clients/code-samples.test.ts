/** Every example of the API's document, in every language, run as it stands against a server with a project in it. */

import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf } from '@/lib/schemas/open-api';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { createRun } from '@/lib/services/create-run';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { importPrompts } from '@/lib/services/import-prompts';
import { annotate } from '@/lib/services/people.test-support';
import { createProject } from '@/lib/services/projects';
import { startProjectUpload } from '@/lib/services/uploads';
import { openApiDocument } from '../openapi';
import { operationExamples } from '../operation-examples';
import { type Language, missingFor, promptLines, serveRoutes } from './served-routes.test-support';

const document = openApiDocument('https://rescue.example.org');
const operations = operationsOf(document);
const languages: Record<string, Language> = { curl: 'sh', Python: 'python', TypeScript: 'ts' };

let served: Awaited<ReturnType<typeof serveRoutes>>;
beforeAll(async () => {
  served = await serveRoutes();
  writeFileSync(join(served.folder, 'prompts.jsonl'), promptLines);
}, 60_000);
afterAll(() => served?.close());

/** One of everything that an operation names, as the variables of the examples. */
async function somethingOfEverything(): Promise<Record<string, string>> {
  const { admin, db } = served;
  const { id: projectId } = await createProject(admin, db, { name: 'In use' });
  const file = new TextEncoder().encode(promptLines);
  const job = randomUUID();
  await importPrompts(admin, db, projectId, file, { jobId: job });
  const first = await createSnapshot(admin, db, projectId, { name: 'First', strategy: 'hybrid' });
  await annotate(db, admin, { projectId, externalId: 'p1' }, { a: 0, b: 1, c: 2 });
  const second = await createSnapshot(admin, db, projectId, { name: 'Second', strategy: 'annotations' });
  const wanted = createRunRequestSchema.parse({ snapshotId: first.snapshot.id, modelId: 'demo' });
  const upload = await startProjectUpload(admin, db, projectId, { name: 'U', bytes: file.length });
  return {
    PROJECT_ID: projectId,
    JOB_ID: job,
    SNAPSHOT_ID: first.snapshot.id,
    OTHER_SNAPSHOT_ID: second.snapshot.id,
    RUN_ID: (await createRun(admin, db, projectId, wanted)).id,
    UPLOAD_ID: upload.id,
    X_SHA256: createHash('sha256').update(file).digest('hex'),
  };
}

it('shows each operation in curl, Python and TypeScript, and no other', () => {
  for (const { id, samples } of operations) {
    expect(
      samples.map(({ label }) => label),
      id,
    ).toEqual(Object.keys(languages));
  }
  const ids = operations.map(({ id }) => id);
  expect(Object.keys(operationExamples).filter((id) => !ids.includes(id))).toEqual([]);
});

describe.each(Object.entries(languages))('the examples in %s', (label, language) => {
  let environment: Record<string, string>;
  beforeAll(async () => {
    environment = await somethingOfEverything();
    // The snapshot that importSnapshot takes is one that the API gave.
    const bundle = await fetch(`${served.address}/api/v1/snapshots/${environment.SNAPSHOT_ID}/bundle`, {
      headers: { authorization: `Bearer ${served.key}` },
    });
    writeFileSync(join(served.folder, 'first.snapshot.jsonl'), await bundle.text());
  });

  // In the document's order, in which an upload is begun, sent and finished.
  it.for(operations.map(({ id, samples }) => [id, samples.find((one) => one.label === label)!.source] as const))(
    '%s',
    { timeout: 60_000 },
    async ([id, source], { skip }) => {
      const absent = missingFor(language);
      if (absent.length > 0) return skip(`${absent.join(' and ')} cannot be run here`);
      const { status, stdout, stderr } = await served.runIn(language, source, environment);
      expect(status, `${id}\n${source}\n${stdout}\n${stderr}`).toBe(0);
      const kept = operationExamples[id]?.file;
      if (kept) expect(readFileSync(join(served.folder, kept)).length, kept).toBeGreaterThan(0);
      else expect(stdout.length, id).toBeGreaterThan(2);
    },
  );

  it('the control: an id that is not there fails', async ({ skip }) => {
    if (missingFor(language).length > 0) return skip();
    const source = operations.find(({ id }) => id === 'getProject')!.samples.find((one) => one.label === label)!.source;
    const { status } = await served.runIn(language, source, { ...environment, PROJECT_ID: randomUUID() });
    expect(status).not.toBe(0);
  });
});

it('the examples in TypeScript are right for its compiler, too', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(resolve('node_modules'), '.rescue-examples-'));
  try {
    copyFileSync('clients/typescript/rescue-studio.ts', join(folder, 'rescue-studio.ts'));
    const files = operations.map(({ id, samples }) => {
      const path = join(folder, `${id}.ts`);
      writeFileSync(path, `${samples.find(({ lang }) => lang === 'TypeScript')!.source}\n`);
      return path;
    });
    const { status, stdout } = spawnSync(
      process.execPath,
      ['node_modules/typescript/bin/tsc', ...tscOptions, ...files],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const tscOptions =
  '--ignoreConfig --noEmit --strict --skipLibCheck --target es2022 --module preserve --lib es2022,dom,dom.iterable --types node'.split(
    ' ',
  );
