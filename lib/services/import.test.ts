import { gzipSync } from 'node:zlib';
import { asc, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { prompts, responses } from '@/drizzle/schema';
import { malformedImports } from '@/lib/containers/malformed-imports.test-support';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { importPrompts } from './import-prompts';
import { encode, english, projectWithPeople, promptFile, refusal } from './people.test-support';
import { previewImport } from './preview-import';

const stored = (db: Database, projectId: string) =>
  db
    .select({ externalId: prompts.externalId, position: prompts.position })
    .from(prompts)
    .where(eq(prompts.projectId, projectId))
    .orderBy(asc(prompts.position));

describeOnEachDatabase('importing prompts', (database) => {
  it('previews without writing, imports in order, and changes nothing the second time', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const preview = await previewImport(researcher, db, projectId, promptFile(7), { translate: english });
    expect(preview).toMatchObject({
      ok: true,
      counts: { new: 7, unchanged: 0, extended: 0, conflicting: 0 },
      errors: [],
      errorCount: 0,
      warnings: [],
    });
    expect(preview.sample.map(({ externalId }) => externalId)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    expect(await stored(db, projectId)).toEqual([]);

    expect(await importPrompts(researcher, db, projectId, promptFile(7))).toEqual({
      imported: 7,
      unchanged: 0,
      extended: 0,
    });
    const before = await stored(db, projectId);
    expect(before.map(({ externalId, position }) => `${externalId}@${position}`)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((i) => `p${i}@${i}`),
    );
    expect(await importPrompts(researcher, db, projectId, promptFile(7))).toEqual({
      imported: 0,
      unchanged: 7,
      extended: 0,
    });
    expect(await stored(db, projectId)).toEqual(before);
    expect(await importPrompts(researcher, db, projectId, promptFile(4, { from: 5 }))).toEqual({
      imported: 2,
      unchanged: 2,
      extended: 0,
    });
    expect((await stored(db, projectId)).map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('says what often is a mistake, with counts and the first lines, and imports it all the same', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const lines = Array.from({ length: 7 }, (_, i) =>
      JSON.stringify({ id: `P${i}`, prompt: 'q', responses: [{ text: 'Same.' }, { text: ' Same.\n' }] }),
    );
    const file = encode([...lines, lines[0]!.replace('P0', 'p0').replace(' Same.', 'Other')].join('\n'));
    const { ok, warnings } = await previewImport(researcher, db, projectId, file, { translate: english });
    expect(ok).toBe(true);
    expect(warnings).toEqual([
      {
        kind: 'equalResponses',
        count: 7,
        lines: [1, 2, 3, 4, 5].map((line) => ({ line, message: 'response "r2" has the same text as "r1"' })),
      },
      {
        kind: 'similarIds',
        count: 1,
        lines: [{ line: 8, message: 'external_id "p0" resembles "P0" on line 1' }],
      },
    ]);
    expect(await importPrompts(researcher, db, projectId, file)).toMatchObject({ imported: 8 });
  });

  it('names the line of a prompt that is there with other content, and writes nothing of the file', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    const file = encode(
      new TextDecoder().decode(promptFile(1, { from: 9 })) +
        new TextDecoder().decode(promptFile(1, { from: 1, text: 'Other' })),
    );
    const preview = await previewImport(researcher, db, projectId, file, { translate: english });
    expect(preview).toMatchObject({ ok: false, counts: { new: 1, unchanged: 0, extended: 0, conflicting: 1 } });
    const expected = {
      line: 2,
      message: expect.stringMatching(/"p1" already exists in this project with different content/),
    };
    expect(preview.errors).toEqual([expected]);
    const { details } = await refusal(importPrompts(researcher, db, projectId, file), 'invalid');
    expect(details).toEqual({ errors: [expected], errorCount: 1 });
    expect(await stored(db, projectId)).toHaveLength(2);
  });

  it('adds the responses of a line that is there with more, once, and nothing that contradicts what is there', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    const [line] = new TextDecoder().decode(promptFile(1)).split('\n');
    const file = (change: (prompt: { responses: object[] }) => object) =>
      encode(JSON.stringify(change(JSON.parse(line!))));
    const sampled = { id: 'sample-1', text: 'New.', source: 'my-model', label: 'yes' };
    const more = file((prompt) => ({ ...prompt, responses: [...prompt.responses, sampled] }));
    expect(await previewImport(researcher, db, projectId, more, { translate: english })).toMatchObject({
      ok: true,
      counts: { new: 0, unchanged: 0, extended: 1, conflicting: 0 },
    });
    expect(await importPrompts(researcher, db, projectId, more)).toEqual({ imported: 0, unchanged: 0, extended: 1 });
    const again = { imported: 0, unchanged: 1, extended: 0 };
    expect(await importPrompts(researcher, db, projectId, more)).toEqual(again);
    expect(await importPrompts(researcher, db, projectId, encode(line!))).toEqual(again);
    const [p0] = await db.select().from(prompts).where(eq(prompts.projectId, projectId)).orderBy(asc(prompts.position));
    const rows = () =>
      db.select().from(responses).where(eq(responses.promptId, p0!.id)).orderBy(asc(responses.position));
    const after = await rows();
    expect(after.map(({ externalId, source, addedAt }) => [externalId, source, addedAt !== null])).toEqual([
      ['b', 'model-b', false],
      ['a', 'human', false],
      ['c', 'model-c', false],
      ['sample-1', 'my-model', true],
    ]);

    const many = Array.from({ length: 9 }, (_, i) => ({ id: `s${i}`, text: `New ${i}`, source: 'm' }));
    const refused: [ReturnType<typeof file>, RegExp][] = [
      [
        file((p) => ({ ...p, responses: [...p.responses, { ...sampled, text: 'Other.' }] })),
        /its response "sample-1" is different/,
      ],
      [
        file((p) => ({ ...p, responses: [...p.responses.slice(1), { ...sampled, id: 'x' }] })),
        /different content; give/,
      ],
      [
        file((p) => ({ ...p, reference_label: 'no', responses: [...p.responses, { ...sampled, id: 'x' }] })),
        /different content; give/,
      ],
      [file((p) => ({ ...p, responses: [...p.responses, ...many] })), /would have 13 responses; at most 12/],
    ];
    for (const [bytes, reason] of refused) {
      const { details } = await refusal(importPrompts(researcher, db, projectId, bytes), 'invalid');
      expect(details).toMatchObject({ errors: [{ line: 1, message: expect.stringMatching(reason) }] });
    }
    expect(await rows()).toEqual(after);
  });

  it('refuses every malformed file by line and reason and writes nothing', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const untouched = (await db.select().from(responses)).length;
    expect(malformedImports.length).toBeGreaterThanOrEqual(60);
    for (const { name, file, line, reason } of malformedImports) {
      const { details, message } = await refusal(importPrompts(researcher, db, projectId, file), 'invalid');
      expect(message, name).toContain(`Line ${line}`);
      expect((details as { errors: unknown[] }).errors, name).toContainEqual({
        line,
        message: expect.stringMatching(reason),
      });
    }
    expect(await stored(db, projectId)).toEqual([]);
    expect(await db.select().from(responses)).toHaveLength(untouched);
    // A hundred files, some of which take a second.
  }, 240_000);

  it('leaves out bad lines where that is asked for, and says how many; a file that is cut off is refused all the same', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const rows = ['a', 'b', 'c'].map((id) => ({
      id,
      prompt: `Why ${id}?`,
      chosen: 'A',
      rejected: id === 'b' ? '' : 'B',
    }));
    const file = encode(rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(await previewImport(researcher, db, projectId, file, { translate: english })).toMatchObject({
      ok: false,
      canLeaveOut: true,
      counts: { new: 2 },
      found: { title: 'a TRL preference file', fields: ['chosen', 'rejected'], rows: 3, responses: 4, pairs: 2 },
      errors: [{ line: 2, message: 'responses[1].text: must not be empty' }],
    });
    await refusal(importPrompts(researcher, db, projectId, file), 'invalid');
    expect(await importPrompts(researcher, db, projectId, file, { leaveOut: true })).toEqual({
      imported: 2,
      unchanged: 0,
      extended: 0,
      leftOut: 1,
      judgements: 2,
    });
    const array = encode(JSON.stringify([...rows, { id: 'd' }]).slice(0, -5));
    expect(await previewImport(researcher, db, projectId, array, { translate: english })).toMatchObject({
      canLeaveOut: false,
    });
    await refusal(importPrompts(researcher, db, projectId, array, { leaveOut: true }), 'invalid');
    expect((await stored(db, projectId)).map(({ externalId }) => externalId)).toEqual(['a', 'c']);
  });

  it('imports packed rows of another program, and again without a change', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const rows = [1, 2, 3].map((i) => ({ prompt: `Why ${i % 2}?`, chosen: `A${i}`, rejected: 'B' }));
    const file = new Uint8Array(gzipSync(JSON.stringify(rows)));
    expect(await importPrompts(researcher, db, projectId, file)).toMatchObject({ imported: 2 });
    expect(await importPrompts(researcher, db, projectId, file)).toMatchObject({ imported: 0, unchanged: 2 });
  });

  it('lets two imports into one project wait for each other', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const both = await Promise.all([
      importPrompts(researcher, db, projectId, promptFile(30)),
      importPrompts(researcher, db, projectId, promptFile(30, { from: 10 })),
    ]);
    expect(both.reduce((sum, { imported }) => sum + imported, 0)).toBe(40);
    expect((await stored(db, projectId)).map(({ position }) => position)).toEqual(
      Array.from({ length: 40 }, (_, i) => i),
    );
  });

  it('imports more prompts than one statement holds', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    expect(await importPrompts(researcher, db, projectId, promptFile(1203))).toEqual({
      imported: 1203,
      unchanged: 0,
      extended: 0,
    });
    expect(await importPrompts(researcher, db, projectId, promptFile(1203))).toEqual({
      imported: 0,
      unchanged: 1203,
      extended: 0,
    });
  });

  it('keeps every character that UTF-8 has', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const text = 'naïve “quotes” 𝒳 👩🏽‍🔬\t\u0001 \\ \u2028 <script>';
    const file = encode(JSON.stringify({ id: 'u', prompt: text, responses: [{ text }, { text: 'b' }] }));
    await importPrompts(researcher, db, projectId, file);
    const [row] = await db.select().from(prompts).where(eq(prompts.projectId, projectId));
    expect(row!.messages).toEqual([{ role: 'user', content: text }]);
  });
});

describe('the malformed files', () => {
  it('differ from each other', () => {
    expect(new Set(malformedImports.map(({ name }) => name)).size).toBe(malformedImports.length);
  });
});
