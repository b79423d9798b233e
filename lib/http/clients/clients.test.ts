/** The clients that are handed out: made from the document, and used against a server that runs the real handlers. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RescueStudio } from '@/clients/typescript/rescue-studio';
import { openApiDocument } from '../openapi';
import { pythonClient } from './python-client';
import { type Language, promptLines as lines, missingFor, serveRoutes } from './served-routes.test-support';
import { typescriptClient } from './typescript-client';

const document = openApiDocument('https://rescue.example.org');
const pythonVersion = spawnSync('python3', ['--version']).status;

it('are those that the document makes; "npm run clients" writes them anew', async () => {
  await expect(typescriptClient(document)).toMatchFileSnapshot(resolve('clients/typescript/rescue-studio.ts'));
  await expect(pythonClient(document)).toMatchFileSnapshot(resolve('clients/python/rescue_studio.py'));
});

describe('against a server', () => {
  let served: Awaited<ReturnType<typeof serveRoutes>>;
  beforeAll(async () => {
    served = await serveRoutes();
  }, 60_000);
  afterAll(() => served?.close());

  it('TypeScript’s goes from a new project to pairs, and throws what is refused', async () => {
    const rescue = new RescueStudio(served.address, served.key);
    const { project } = await rescue.createProject({ body: { name: 'From TypeScript' } });
    const at = { projectId: project.id };
    expect(await rescue.importPrompts({ ...at, body: lines })).toMatchObject({ imported: 2 });
    expect(await rescue.importPrompts({ ...at, body: lines })).toMatchObject({ imported: 0, unchanged: 2 });
    const made = await rescue.createSnapshot({ ...at, body: { name: 'First', strategy: 'hybrid' } });
    const pairs = await (await rescue.downloadPairs({ snapshotId: made.snapshot.id })).text();
    expect(pairs.trimEnd().split('\n').length).toBe(made.snapshot.pairCount);
    const { prompts } = await rescue.listPrompts({ ...at, sort: 'import' });
    expect(prompts).toHaveLength(2);
    const refused = await new RescueStudio(served.address, 'rsk_no').listProjects().catch((error) => error);
    expect(refused).toMatchObject({ name: 'RescueStudioError', status: 401, key: 'refusals.noSuchApiKey' });
  });

  it.skipIf(pythonVersion !== 0)(
    'Python’s does the same, with the standard library alone',
    { timeout: 60_000 },
    async () => {
      const { status, stdout, stderr } = await served.run('python3', ['-c', pythonScript]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        imported: 2,
        unchanged: 2,
        pairs: 6,
        refused: [401, 'refusals.noSuchApiKey'],
      });
    },
  );

  describe('the examples of docs/api.md', () => {
    const examples = [...readFileSync('docs/api.md', 'utf8').matchAll(/<!-- run -->\n```(\w+)\n([\s\S]*?)```/g)];
    it('are there in curl, Python and TypeScript', () => {
      expect(examples.map(([, language]) => language)).toEqual(['sh', 'python', 'ts']);
    });
    it.for(examples.map(([, language, code]) => [language as Language, code!] as const))(
      '%s',
      { timeout: 60_000 },
      async ([language, code], { skip }) => {
        const absent = missingFor(language);
        if (absent.length > 0) return skip(`${absent.join(' and ')} cannot be run here`);
        writeFileSync(join(served.folder, 'prompts.jsonl'), lines);
        const { status, stdout, stderr } = await served.runIn(language, code);
        expect({ status, stdout, stderr }, stdout + stderr).toMatchObject({ status: 0 });
        expect(readFileSync(join(served.folder, 'pairs.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(6);
        rmSync(join(served.folder, 'pairs.jsonl'));
      },
    );
  });
});

const pythonScript = `
import json, os
from rescue_studio import RescueStudio, RescueStudioError

rescue = RescueStudio(os.environ["RESCUE_SERVER"], os.environ["RESCUE_API_KEY"])
project = rescue.create_project({"name": "From Python"})["project"]["id"]
lines = ${JSON.stringify(lines)}
imported = rescue.import_prompts(project, lines)["imported"]
unchanged = rescue.import_prompts(project, lines)["unchanged"]
snapshot = rescue.create_snapshot(project, {"name": "First", "strategy": "hybrid"})["snapshot"]["id"]
pairs = len(list(rescue.download_pairs(snapshot)))
try:
    RescueStudio(os.environ["RESCUE_SERVER"], "rsk_no").list_projects()
    refused = None
except RescueStudioError as error:
    refused = [error.status, error.key]
print(json.dumps({"imported": imported, "unchanged": unchanged, "pairs": pairs, "refused": refused}))
`;
