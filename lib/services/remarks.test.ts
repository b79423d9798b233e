import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { annotationWriter, snapshotWriter } from '@/lib/formats/registry';
import { updateProjectSchema } from '@/lib/schemas/account';
import { saveAnnotationRequestSchema, type Task } from '@/lib/schemas/annotation';
import { DEFAULT_ISSUE_TAGS, noRemarks } from '@/lib/schemas/remark-rules';
import type { Remarks } from '@/lib/schemas/remarks';
import { createSnapshot } from './create-snapshot';
import { exportAnnotations } from './export-annotations';
import { importPrompts } from './import-prompts';
import { listMyAnnotations } from './list-my-annotations';
import { collect, parseAnnotationLine, projectWithPeople, promptFile, refusal } from './people.test-support';
import { updateProject, viewProject } from './projects';
import { exportSnapshot } from './read-snapshot';
import { saveAnnotation } from './save-annotation';
import { saveDraft } from './save-draft';
import { getNextTasks, getTask } from './tasks';

describeOnEachDatabase('remarks', (database) => {
  async function started() {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher, annotator } = people;
    await importPrompts(researcher, db, projectId, promptFile(2));
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 2 });
    const [task, second] = tasks as [Task, Task];
    const [a, b] = task.responses.map(({ id }) => id) as [string, string, string];
    const remarks: Remarks = {
      comment: 'Both say “no” 👎',
      tags: [
        { responseId: a, tag: 'wrong-fact' },
        { responseId: b, tag: 'off-topic' },
      ],
      marks: [{ responseId: b, start: 3, end: 10, tag: 'unsafe' }],
    };
    const request = (more: object = {}) =>
      saveAnnotationRequestSchema.parse({
        promptId: task.promptId,
        idempotencyKey: randomUUID(),
        baseVersion: 0,
        allBad: false,
        timeOnTaskMs: 5,
        placements: task.responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: i })),
        remarks,
        ...more,
      });
    const save = (more?: object) => saveAnnotation(annotator, db, projectId, request(more));
    return { ...people, db, task, second, a, b, remarks, request, save };
  }

  it('are part of a version: they come back with it, and the next version says its own', async () => {
    const { db, projectId, annotator, other, task, remarks, save } = await started();
    await save();
    expect((await getTask(annotator, db, projectId, task.promptId)).annotation?.remarks).toEqual(remarks);
    expect((await getTask(other, db, projectId, task.promptId)).annotation).toBeNull();
    expect((await listMyAnnotations(annotator, db, projectId)).annotations[0]?.remarks).toEqual({
      comment: remarks.comment,
      tags: ['Wrong fact', 'Unsafe', 'Off topic'],
      marks: 1,
    });
    await save({ baseVersion: 1, remarks: undefined });
    expect((await getTask(annotator, db, projectId, task.promptId)).annotation?.remarks).toEqual(noRemarks);
  });

  it('count in a retry: the same again is answered as stored, others under the same key are a conflict', async () => {
    const { db, projectId, annotator, remarks, request } = await started();
    const first = request();
    const saved = await saveAnnotation(annotator, db, projectId, first);
    const shuffled = { ...first, remarks: { ...remarks, tags: [...remarks.tags].reverse() } };
    expect(await saveAnnotation(annotator, db, projectId, shuffled)).toEqual({ ...saved, created: false });
    const other = { ...first, remarks: { ...remarks, comment: 'No.' } };
    await refusal(saveAnnotation(annotator, db, projectId, other), 'conflict');
    await refusal(saveAnnotation(annotator, db, projectId, { ...first, remarks: undefined }), 'conflict');
  });

  it('are refused whole where they do not fit the stored texts or the project’s tags, in drafts too', async () => {
    const { db, projectId, annotator, task, second, b, remarks, save } = await started();
    const length = task.responses[1]!.text.length;
    const wrong: Partial<Remarks>[] = [
      { marks: [{ responseId: b, start: 0, end: length + 1, tag: 'unsafe' }] },
      { marks: [{ responseId: second.responses[0]!.id, start: 0, end: 1, tag: 'unsafe' }] },
      { tags: [{ responseId: b, tag: 'no-such-tag' }] },
    ];
    for (const part of wrong) {
      const content = { allBad: false, timeOnTaskMs: 0, placements: [], remarks: { ...remarks, ...part } };
      await refusal(save({ remarks: content.remarks }), 'invalid');
      const draft = { baseVersion: 0, sequence: 1, content };
      await refusal(saveDraft(annotator, db, projectId, task.promptId, draft), 'invalid');
    }
    expect((await getTask(annotator, db, projectId, task.promptId)).annotation).toBeNull();
    await save({ remarks: { ...remarks, marks: [{ responseId: b, start: 0, end: length, tag: 'unsafe' }] } });
  });

  it('wait in a draft', async () => {
    const { db, projectId, annotator, task, remarks } = await started();
    const content = { allBad: false, timeOnTaskMs: 0, placements: [], remarks };
    const draft = { baseVersion: 0, sequence: 1, content };
    await saveDraft(annotator, db, projectId, task.promptId, draft);
    expect((await getTask(annotator, db, projectId, task.promptId)).draft).toEqual(draft);
    expect(await saveDraft(annotator, db, projectId, task.promptId, draft)).toEqual({ sequence: 1 });
  });

  it('survive the end of their tag: it is retired, not deleted', async () => {
    const { db, projectId, researcher, annotator, save, task, remarks } = await started();
    await save();
    const issueTags = [{ id: 'rude', name: 'Rude' }, ...DEFAULT_ISSUE_TAGS.slice(1)];
    await updateProject(researcher, db, projectId, updateProjectSchema.parse({ baseVersion: 1, issueTags }));
    const { project } = await viewProject(annotator, db, projectId);
    expect(project.issueTags[0]).toEqual({ id: 'rude', name: 'Rude', color: 'grey' });
    expect(project.issueTags.at(-1)).toEqual({ ...DEFAULT_ISSUE_TAGS[0], retired: true });
    expect((await listMyAnnotations(annotator, db, projectId)).annotations[0]?.remarks.tags).toContain('Wrong fact');
    // Work that was done offline under the old tag is taken.
    await save({ baseVersion: 1 });
    expect((await getTask(annotator, db, projectId, task.promptId)).annotation?.remarks).toEqual(remarks);
    await refusal(updateProject(annotator, db, projectId, { baseVersion: 2, issueTags: [] }), 'forbidden');
  });

  it('are exported with every version, and leave a snapshot as it was', async () => {
    const { db, projectId, researcher, annotator, save, remarks, task } = await started();
    await save({ remarks: undefined });
    const records = async (name: string) => {
      const { snapshot } = await createSnapshot(researcher, db, projectId, { name, strategy: 'annotations' });
      return collect((await exportSnapshot(researcher, db, snapshot.id, snapshotWriter('records'))).lines);
    };
    const before = await records('before');
    await save({ baseVersion: 1 });
    expect(await records('after')).toBe(before);

    const { lines } = await exportAnnotations(researcher, db, projectId, annotationWriter);
    const exported = (await collect(lines)).trimEnd().split('\n').map(parseAnnotationLine);
    expect(exported.map(({ version, in_force }) => [version, in_force])).toEqual([
      [1, false],
      [2, true],
    ]);
    const [first, second] = exported;
    expect(first).toMatchObject({ prompt: 'p0', comment: '', tags: [], marks: [] });
    expect(second!.comment).toBe(remarks.comment);
    expect(second!.tags.map(({ tag }) => tag.name)).toEqual(['Wrong fact', 'Off topic']);
    expect(second!.marks[0]).toMatchObject({
      start: 3,
      end: 10,
      text: task.responses[1]!.text.slice(3, 10),
      tag: { id: 'unsafe', name: 'Unsafe' },
    });
    expect(second!.placements.map(({ response }) => response)).toEqual(['b', 'a', 'c']);
    await refusal(exportAnnotations(annotator, db, projectId, annotationWriter), 'forbidden');
  });
});
