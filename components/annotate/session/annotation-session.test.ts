import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '@/components/ui/retry-policy';
import type { Task } from '@/lib/schemas/annotation';
import { isReopened, queueStatus } from './session-state';
import { echo, onScreen, place, press, settled, tiersIn, tiersOn, workplace } from './testing-session';

const TIERS_VERSION = 1;

async function annotating(prompts: number) {
  const work = workplace(prompts);
  await work.outbox.open();
  const session = work.session();
  const close = session.open();
  await settled();
  const save = async () => {
    session.save(press(), 1_000, TIERS_VERSION);
    await settled();
  };
  const judge = async (...tiers: number[]) => {
    place(session, ...tiers);
    await save();
  };
  return { ...work, annotating: session, close, save, judge };
}

async function editing(prepare: (work: ReturnType<typeof workplace>) => void = () => undefined) {
  const work = workplace(1);
  prepare(work);
  await work.outbox.open();
  const session = work.session(work.tasks.get('p0')!);
  session.open();
  await settled();
  const save = async () => {
    session.save(press(), 1_000, TIERS_VERSION);
    await settled();
  };
  return { ...work, editing: session, save };
}

/** A prompt that was judged before, in version 1. */
const judged = (task: Task): Task => ({
  ...task,
  annotation: {
    version: 1,
    allBad: false,
    placements: task.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 2 })),
    remarks: { comment: '', tags: [], marks: [] },
  },
});

describe('the queue', () => {
  it('fetches ahead, puts the first prompt on the board, and the next one as soon as it is saved', async () => {
    const { annotating: session, asked, judge, tasks } = await annotating(40);
    expect(asked.map(({ count }) => count)).toEqual([2, 10, 10]);
    expect(onScreen(session)).toBe('p0');
    await judge(0, 1, 2);
    expect(onScreen(session)).toBe('p1');
    expect(tiersIn(tasks.get('p0')!.annotation?.placements)).toEqual([0, 1, 2]);
    expect(session.getState().queue.progress).toEqual({ done: 1, total: 40 });
  });

  it('is finished when the server has no more, and looks again after each save', async () => {
    const { annotating: session, judge, tasks, asked } = await annotating(1);
    const before = asked.length;
    await judge(0, 1, 2);
    expect(queueStatus(session.getState().queue)).toBe('finished');
    expect(asked.length).toBeGreaterThan(before);
    expect(session.getState().open).toBeNull();
    expect(tasks.get('p0')!.annotation?.version).toBe(1);
  });

  it('brings a prompt back that got responses while it was judged, with the tiers given before', async () => {
    const { annotating: session, judge, tasks } = await annotating(1);
    const task = tasks.get('p0')!;
    tasks.set('p0', { ...task, responses: [...task.responses, { id: 'p0d', text: 'd' }] });
    await judge(0, 1, 2);
    expect(onScreen(session)).toBe('p0');
    expect(isReopened(session.getState().open!)).toBe(true);
    expect(tiersOn(session)).toEqual([0, 1, 2, null]);
    session.act({ type: 'place', id: 'p0d', place: 3 }, 1_000);
    session.save(press(), 1_000, TIERS_VERSION);
    await settled();
    expect(tasks.get('p0')!.annotation).toMatchObject({ version: 2 });
    expect(session.getState().open).toBeNull();
  });

  it('works through what was kept when the page opens without a server, and asks again as the policy says', async () => {
    const work = workplace(3);
    work.world.cached = { tasks: [...work.tasks.values()].slice(1), progress: { done: 1, total: 3 } };
    work.world.online = false;
    await work.outbox.open();
    const session = work.session();
    session.open();
    await settled();
    expect(onScreen(session)).toBe('p1');
    expect(session.getState().queue.progress).toEqual({ done: 1, total: 3 });
    expect(work.planned.map(({ ms }) => ms)).toContain(retryDelayMs(1));
    work.world.online = true;
    await work.later();
    expect(session.getState().queue).toMatchObject({ failure: null, failures: 0 });
    expect(session.getState().queue.tasks.map(({ promptId }) => promptId)).toEqual(['p1', 'p2', 'p0']);
  });

  it('leaves out what was kept in another form, by an earlier version of the app', async () => {
    const work = workplace(3);
    const [first, ...others] = work.tasks.values();
    const { draft, ...before } = first!;
    work.world.cached = { tasks: [before, null, ...others], progress: { done: 0, total: 3 } };
    work.world.online = false;
    await work.outbox.open();
    const session = work.session();
    session.open();
    await settled();
    expect(draft).toBeNull();
    expect(onScreen(session)).toBe('p1');
    expect(session.getState().queue.tasks).toHaveLength(2);
    work.world.cached = 'no queue at all';
    const other = work.session();
    other.open();
    await settled();
    expect(queueStatus(other.getState().queue)).toBe('error');
  });

  it('says that it failed where nothing was kept, and goes on when it is asked', async () => {
    const work = workplace(2);
    work.world.online = false;
    await work.outbox.open();
    const session = work.session();
    session.open();
    await settled();
    expect(queueStatus(session.getState().queue)).toBe('error');
    work.world.online = true;
    session.retry();
    await settled();
    expect(onScreen(session)).toBe('p0');
  });

  it('goes on where it was when it is closed and opened again', async () => {
    const { annotating: session, close, judge, asked } = await annotating(3);
    place(session, 0);
    close();
    const before = asked.length;
    await settled();
    expect(asked).toHaveLength(before);
    session.open();
    await settled();
    expect(tiersOn(session)).toEqual([0, null, null]);
    await judge(0, 1, 2);
    expect(onScreen(session)).toBe('p1');
  });
});

it('an answer that comes when the page is closed is not heard', async () => {
  const work = workplace(2);
  await work.outbox.open();
  const session = work.session();
  session.open()();
  await settled();
  expect(session.getState().queue).toMatchObject({ tasks: [], request: null });
  session.open();
  await settled();
  expect(onScreen(session)).toBe('p0');
});

it('a page that failed to fetch and was closed asks at once when it is opened again', async () => {
  const work = workplace(2);
  work.world.online = false;
  await work.outbox.open();
  const session = work.session();
  const close = session.open();
  await settled();
  expect(queueStatus(session.getState().queue)).toBe('error');
  close();
  work.world.online = true;
  session.open();
  await settled();
  expect(onScreen(session)).toBe('p0');
});

describe('saving', () => {
  it('one press is one save, whatever is pressed in the same moment', async () => {
    const { annotating: session, sent, judge } = await annotating(3);
    await judge(0, 1, 2);
    place(session, 2, 1, 0);
    session.back();
    // What is behind it is complete: nothing but the way it is pressed keeps it from being saved unseen.
    session.save(press(), 1_000, TIERS_VERSION);
    for (let clicks = 2; clicks < 5; clicks++) session.save({ ...echo(), clicks }, 1_000, TIERS_VERSION);
    await settled();
    expect(sent.map(({ promptId }) => promptId)).toEqual(['p0', 'p0']);
    expect([onScreen(session), tiersOn(session)]).toEqual(['p1', [2, 1, 0]]);
    session.save(press(), 1_000, TIERS_VERSION);
    await settled();
    expect(sent.map(({ promptId }) => promptId)).toEqual(['p0', 'p0', 'p1']);
  });

  it('the second click of a double click asks nothing about the next prompt', async () => {
    const { annotating: session, sent } = await annotating(3);
    place(session, 0, 1, 2);
    session.save(press(), 1_000, TIERS_VERSION);
    session.save(echo(), 1_000, TIERS_VERSION);
    await settled();
    expect(sent).toHaveLength(1);
    expect(session.getState().open).toMatchObject({ task: { promptId: 'p1' }, question: null });
  });

  it('a press is meant for the prompt on screen as soon as something was judged there, however quick it comes', async () => {
    const { annotating: session, sent } = await annotating(3);
    const at = press().at + 10_000;
    for (const after of [0, 100]) {
      place(session, 0, 1, 2);
      session.save({ clicks: 0, at: at + after }, 1_000, TIERS_VERSION);
    }
    await settled();
    expect(sent.map(({ promptId }) => promptId)).toEqual(['p0', 'p1']);
  });

  it('a press is meant for the prompt that the person went back to, however quick it comes', async () => {
    const { annotating: session, sent } = await annotating(3);
    const at = press().at + 10_000;
    place(session, 0, 1, 2);
    session.save({ clicks: 0, at }, 1_000, TIERS_VERSION);
    await settled();
    session.back();
    session.save({ clicks: 0, at: at + 200 }, 1_000, TIERS_VERSION);
    await settled();
    expect(sent.map(({ promptId }) => promptId)).toEqual(['p0', 'p0']);
  });

  it('asks once about what was not touched; the echo of the press that asked does not answer', async () => {
    const { annotating: session, sent } = await annotating(3);
    session.save(press(), 1_000, TIERS_VERSION);
    expect(session.getState().open!.question).toEqual({ obstacle: 'nothing', untouched: 3 });
    place(session, 0, 1);
    expect(session.getState().open!.question).toBeNull();
    session.save(press(), 1_000, TIERS_VERSION);
    expect(session.getState().open!.question).toEqual({ obstacle: 'untouched', untouched: 1 });
    session.save(echo(), 1_000, TIERS_VERSION);
    await settled();
    expect(sent).toEqual([]);
    session.save(press(), 1_000, TIERS_VERSION);
    await settled();
    expect(sent).toHaveLength(1);
  });

  it('saves "all are bad" at the first press, and leaves what was not touched not judged', async () => {
    const { annotating: session, sent } = await annotating(3);
    session.act({ type: 'toggle-all-bad' }, 1_000);
    session.save(press(), 1_000, TIERS_VERSION);
    await settled();
    expect(sent).toMatchObject([{ promptId: 'p0', allBad: true, placements: Array(3).fill({ state: 'not_judged' }) }]);
    expect(onScreen(session)).toBe('p1');
  });

  it('keeps what is saved without a network, and sends each once, in order', async () => {
    const { annotating: session, world, judge, outbox, tasks } = await annotating(5);
    world.online = false;
    for (let n = 0; n < 3; n++) await judge(n, n, n);
    expect(onScreen(session)).toBe('p3');
    expect(outbox.getState().items).toHaveLength(3);
    world.online = true;
    outbox.retry();
    await settled();
    expect([...tasks.values()].map(({ annotation }) => annotation?.version ?? 0)).toEqual([1, 1, 1, 0, 0]);
  });
});

describe('going back', () => {
  it('shows what was saved, and a save of it becomes a new version', async () => {
    const { annotating: session, judge, tasks } = await annotating(3);
    await judge(0, 1, 2);
    session.back();
    expect(onScreen(session)).toBe('p0');
    expect(tiersOn(session)).toEqual([0, 1, 2]);
    expect(session.getState().open!.version).toBe(1);
    await judge(3);
    expect(tasks.get('p0')!.annotation?.version).toBe(2);
    expect(tiersIn(tasks.get('p0')!.annotation?.placements)).toEqual([3, 1, 2]);
    expect(session.getState().queue.progress).toEqual({ done: 1, total: 3 });
    expect(onScreen(session)).toBe('p1');
  });

  it('is known as that to the board that comes back, and to no other', async () => {
    const { annotating: session, judge } = await annotating(4);
    const returned = () => [onScreen(session), session.getState().open!.returned];
    await judge(0, 1, 2);
    await judge(0, 1, 2);
    expect(returned()).toEqual(['p2', false]);
    session.back();
    expect(returned()).toEqual(['p1', true]);
    session.back();
    expect(returned()).toEqual(['p0', true]);
    session.back();
    expect(returned()).toEqual(['p0', true]);
    await judge(3);
    // It was gone back to before, but now it is the next one.
    expect(returned()).toEqual(['p1', false]);
  });

  it('builds on what a save becomes that is still under way', async () => {
    const { annotating: session, judge, tasks, world } = await annotating(3);
    let release = () => {};
    world.gate = new Promise((done) => {
      release = done;
    });
    await judge(0, 1, 2);
    session.back();
    expect(session.getState().open!.version).toBe(0);
    release();
    await settled();
    expect(session.getState().open!.version).toBe(1);
    await judge(3);
    expect(tasks.get('p0')!.annotation?.version).toBe(2);
  });

  it('takes the place of a save that was never sent', async () => {
    const { annotating: session, judge, tasks, world, outbox } = await annotating(4);
    world.online = false;
    await judge(0, 0, 0);
    await judge(1, 1, 1);
    session.back();
    await judge(2);
    expect(outbox.getState().items.map(({ label }) => label)).toEqual(['p0', 'p1']);
    world.online = true;
    outbox.retry();
    await settled();
    expect(tasks.get('p1')!.annotation?.version).toBe(1);
    expect(tiersIn(tasks.get('p1')!.annotation?.placements)).toEqual([2, 1, 1]);
  });

  it('takes a skip back with what was begun', async () => {
    const { annotating: session, sent } = await annotating(3);
    place(session, 1);
    session.skip('unclear', '');
    await settled();
    expect(onScreen(session)).toBe('p1');
    session.back();
    await settled();
    expect(onScreen(session)).toBe('p0');
    expect(tiersOn(session)).toEqual([1, null, null]);
    expect(sent.map((request) => 'mark' in request && request.mark?.kind)).toEqual(['skipped', undefined]);
  });

  it('twice in a row loses nothing that was begun on the way', async () => {
    const { annotating: session, judge } = await annotating(4);
    await judge(0, 0, 0);
    await judge(1, 1, 1);
    place(session, 3);
    session.back();
    place(session, 2, 2);
    session.back();
    expect(onScreen(session)).toBe('p0');
    await judge(1);
    expect([onScreen(session), tiersOn(session)]).toEqual(['p1', [2, 2, 1]]);
    await judge();
    expect([onScreen(session), tiersOn(session)]).toEqual(['p2', [3, null, null]]);
  });
});

describe('drafts', () => {
  it('are kept here at once and on the server after a pause, and go when the save is stored', async () => {
    const { annotating: session, local, tasks, later, judge } = await annotating(2);
    place(session, 1);
    await settled();
    expect(tiersIn(local.get('p0')?.content.placements)).toEqual([1]);
    expect(session.getState().open!.draft).toBe('local');
    await later();
    expect(tiersIn(tasks.get('p0')!.draft?.content.placements)).toEqual([1]);
    expect(session.getState().open!.draft).toBe('server');
    await judge(1, 1, 1);
    expect(local.has('p0')).toBe(false);
  });

  it('of another machine are what the board begins with', async () => {
    const { editing: session } = await editing(({ tasks }) => {
      const draft = {
        baseVersion: 0,
        sequence: 7,
        content: {
          allBad: true,
          timeOnTaskMs: 9,
          placements: [{ responseId: 'p0b', state: 'placed', tier: 3 } as const],
        },
      };
      tasks.set('p0', { ...tasks.get('p0')!, draft });
    });
    expect(tiersOn(session)).toEqual([null, 3, null]);
    expect(session.getState().open).toMatchObject({ timeOnTaskMs: 9, board: { allBad: true } });
  });

  it('of a prompt that is left in a hurry are kept to the last change, and go on counting at the return', async () => {
    const { annotating: session, local } = await annotating(3);
    place(session, 1, 2);
    session.skip('unclear', '');
    await settled();
    expect(tiersIn(local.get('p0')?.content.placements)).toEqual([1, 2]);
    const { sequence } = local.get('p0')!;
    session.back();
    place(session, 3);
    await settled();
    expect(local.get('p0')!.sequence).toBeGreaterThan(sequence);
  });

  it('begun after going back outlive the one that was saved, however late that goes', async () => {
    const { annotating: session, local, world, judge } = await annotating(3);
    let release = () => {};
    world.forgetting = new Promise((done) => {
      release = done;
    });
    await judge(0, 1, 2);
    session.back();
    place(session, 3);
    await settled();
    release();
    await settled();
    expect(tiersIn(local.get('p0')?.content.placements)).toEqual([3, 1, 2]);
  });

  it('begun on an older version are offered and never put on the board unasked', async () => {
    const old = (): Parameters<typeof editing>[0] => (work) => {
      work.tasks.set('p0', judged(work.tasks.get('p0')!));
      const placements = [{ responseId: 'p0a', state: 'placed', tier: 0 } as const];
      work.local.set('p0', { baseVersion: 0, sequence: 3, content: { allBad: false, timeOnTaskMs: 1, placements } });
    };
    const { editing: session } = await editing(old());
    expect(tiersOn(session)).toEqual([2, 2, 2]);
    session.chooseStale(true);
    expect(tiersOn(session)).toEqual([0, null, null]);
    expect(session.getState().open!.stale).toBeNull();
    const { editing: other } = await editing(old());
    other.chooseStale(false);
    expect(tiersOn(other)).toEqual([2, 2, 2]);
    expect(other.getState().open!.stale).toBeNull();
  });
});

describe('a second look at one prompt', () => {
  it('shows what waits to be sent rather than what the server has, and builds on it', async () => {
    const { annotating: session, world, judge, tasks, session: open, outbox } = await annotating(2);
    world.online = false;
    await judge(0, 1, 2);
    const later = open(tasks.get('p0')!);
    later.open();
    await settled();
    expect([onScreen(session), tiersOn(later)]).toEqual(['p1', [0, 1, 2]]);
    place(later, 3);
    later.save(press(), 1_000, TIERS_VERSION);
    await settled();
    world.online = true;
    outbox.retry();
    await settled();
    expect(tasks.get('p0')!.annotation?.version).toBe(2);
    expect(tiersIn(tasks.get('p0')!.annotation?.placements)).toEqual([3, 1, 2]);
  });

  it('says once that its save is in force, however often it was saved meanwhile', async () => {
    const {
      editing: session,
      save,
      world,
      saved,
      outbox,
      tasks,
    } = await editing(({ tasks }) => {
      tasks.set('p0', judged(tasks.get('p0')!));
    });
    world.online = false;
    place(session, 0);
    await save();
    place(session, 1);
    await save();
    expect(saved).toEqual([]);
    expect(tiersOn(session)).toEqual([1, 2, 2]);
    world.online = true;
    outbox.retry();
    await settled();
    expect(saved).toEqual(['saved']);
    expect(tiersIn(tasks.get('p0')!.annotation?.placements)).toEqual([1, 2, 2]);
  });

  it('a save that was never sent gives way to the next one, and the board stays as it is', async () => {
    const {
      editing: session,
      save,
      world,
      outbox,
      tasks,
      saved,
    } = await editing(({ tasks }) => {
      tasks.set('p0', judged(tasks.get('p0')!));
      tasks.set('p1', { ...tasks.get('p0')!, promptId: 'p1', annotation: null });
    });
    let release = () => {};
    world.gate = new Promise((done) => {
      release = done;
    });
    const other = { promptId: 'p1', idempotencyKey: 'under-way', baseVersion: 0, allBad: true, timeOnTaskMs: 0 };
    await outbox.add({ ...other, placements: [] }, 'p1');
    place(session, 0);
    await save();
    const { id } = session.getState().open!;
    place(session, 1);
    await save();
    expect(session.getState().open!.id).toBe(id);
    expect(outbox.getState().items.map(({ label }) => label)).toEqual(['p1', 'p0']);
    release();
    await settled();
    expect(saved).toEqual(['saved']);
    expect(tasks.get('p0')!.annotation?.version).toBe(2);
    expect(tiersIn(tasks.get('p0')!.annotation?.placements)).toEqual([1, 2, 2]);
  });

  it('stays open for what was changed while its save was under way, and that builds on the save', async () => {
    const {
      editing: session,
      save,
      world,
      saved,
      later,
      local,
      tasks,
    } = await editing(({ tasks }) => {
      tasks.set('p0', judged(tasks.get('p0')!));
    });
    let release = () => {};
    world.gate = new Promise((done) => {
      release = done;
    });
    place(session, 0);
    await save();
    place(session, 3);
    release();
    await settled();
    expect(saved).toEqual([]);
    expect(session.getState().open).toMatchObject({ version: 2 });
    expect(tiersOn(session)).toEqual([3, 2, 2]);
    await later();
    expect(local.get('p0')).toMatchObject({ baseVersion: 2 });
    expect(tasks.get('p0')!.draft).toMatchObject({ baseVersion: 2 });
    await save();
    expect(saved).toEqual(['saved']);
    expect(tasks.get('p0')!.annotation).toMatchObject({ version: 3 });
  });

  it('is saved once, however often save is pressed before something is changed', async () => {
    const { editing: session, save, world, outbox } = await editing();
    world.online = false;
    place(session, 0, 1, 2);
    await save();
    await save();
    session.act({ type: 'step', by: 1 }, 1_000);
    await save();
    expect(outbox.getState().items).toHaveLength(1);
  });

  it('begins anew with what counts when the person gives the save up after a conflict', async () => {
    const {
      editing: session,
      save,
      outbox,
      tasks,
      saved,
    } = await editing(({ tasks }) => {
      tasks.set('p0', judged(tasks.get('p0')!));
    });
    // Somebody saves it elsewhere while it is edited here.
    const task = tasks.get('p0')!;
    const placements = task.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 1 }) as const);
    tasks.set('p0', { ...task, annotation: { ...task.annotation!, version: 2, placements } });
    place(session, 0);
    await save();
    const [item] = outbox.getState().items;
    expect(item?.status).toBe('conflict');
    expect(tiersOn(session)).toEqual([0, 2, 2]);
    await outbox.discard(item!.key);
    await settled();
    expect(tiersOn(session)).toEqual([1, 1, 1]);
    expect(session.getState().open).toMatchObject({ version: 2, submitted: null });
    expect(saved).toEqual([]);
  });
});

it('a draft on a version that this page never saw is gone on with, and the next save builds on that version', async () => {
  const content = {
    allBad: false,
    timeOnTaskMs: 1,
    placements: [{ responseId: 'p0a', state: 'placed', tier: 0 } as const],
  };
  const { editing: session, tasks } = await editing(({ tasks, local }) => {
    tasks.set('p0', judged(tasks.get('p0')!));
    local.set('p0', { baseVersion: 2, sequence: 3, content });
  });
  expect(tiersOn(session)).toEqual([0, null, null]);
  expect(session.getState().open).toMatchObject({ version: 2, stale: null });
  const task = tasks.get('p0')!;
  tasks.set('p0', { ...task, annotation: { ...task.annotation!, version: 2 } });
  place(session, 0, 1, 1);
  session.save(press(), 1_000, TIERS_VERSION);
  await settled();
  expect(tasks.get('p0')!.annotation).toMatchObject({ version: 3 });
});

describe('flags', () => {
  it('hold at once, and are what was said last', async () => {
    const { annotating: session, world, sent } = await annotating(1);
    world.online = false;
    const { task } = session.getState().open!;
    expect(session.isFlagged(task)).toBe(false);
    session.flag('');
    expect(session.isFlagged(task)).toBe(true);
    session.flag(null);
    expect(session.isFlagged(task)).toBe(false);
    expect(session.isFlagged({ ...task, promptId: 'other', flagged: true })).toBe(true);
    await settled();
    expect(sent.length).toBeGreaterThan(0);
  });
});
