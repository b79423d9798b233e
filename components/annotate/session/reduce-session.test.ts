import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '@/components/ui/api';
import type { Task } from '@/lib/schemas/annotation';
import type { OutboxState } from '../outbox/annotation-outbox';
import { addRule, applyChange } from '../outbox/outbox-rules';
import { reduceSession } from './reduce-session';
import { isReopened, type SessionEvent, type SessionState, startSession } from './session-state';

const TIERS = 3;
const outbox: OutboxState = {
  loaded: true,
  items: [],
  sending: false,
  failure: null,
  acknowledged: 0,
  versions: new Map(),
  storage: 'ok',
};
const task = (promptId: string): Task => ({
  promptId,
  externalId: promptId,
  messages: [],
  documents: [],
  textVersion: 1,
  withdrawn: false,
  responses: [`${promptId}a`, `${promptId}b`].map((id) => ({ id, text: id })),
  annotation: null,
  flagged: false,
  sentBack: null,
  draft: null,
});
const page = (...ids: string[]): SessionEvent => ({
  type: 'tasks-arrived',
  page: { tasks: ids.map(task), progress: { done: 0, total: 9 } },
});
const found = (promptId: string): SessionEvent => ({ type: 'draft-found', promptId, draft: null });
const sessionAfter = (...events: SessionEvent[]) =>
  events.reduce((state, event) => reduceSession(state, event, TIERS), startSession(outbox, null));
const onScreen = ({ open }: SessionState) => open?.task.promptId ?? null;

describe('the prompt on the board', () => {
  it('is the first of the queue, as soon as this browser was asked for its draft', () => {
    expect(onScreen(sessionAfter(page('p', 'q')))).toBeNull();
    expect(onScreen(sessionAfter(page('p', 'q'), found('q')))).toBeNull();
    expect(onScreen(sessionAfter(page('p', 'q'), found('q'), found('p')))).toBe('p');
    expect(onScreen(sessionAfter(page('p', 'q'), found('q'), found('p'), { type: 'skip' }))).toBe('q');
  });

  it('waits until what earlier pages left is known', () => {
    const state = [page('p'), found('p')].reduce(
      (known, event) => reduceSession(known, event, TIERS),
      startSession({ ...outbox, loaded: false }, null),
    );
    expect(onScreen(state)).toBeNull();
    expect(onScreen(reduceSession(state, { type: 'outbox', state: outbox }, TIERS))).toBe('p');
  });

  it('is another board each time it comes on screen, and the same one whatever else happens', () => {
    const state = sessionAfter(page('p', 'q'), found('p'), found('q'));
    const later = reduceSession(state, page('r'), TIERS);
    expect(later.open).toBe(state.open);
    const back = [{ type: 'skip' } as const, { type: 'back' } as const].reduce(
      (known, event) => reduceSession(known, event, TIERS),
      state,
    );
    expect([onScreen(back), back.open!.id > state.open!.id]).toEqual(['p', true]);
  });
});

describe('a prompt whose answer was sent back', () => {
  const annotation = { version: 1, allBad: true, placements: [], remarks: { comment: '', tags: [], marks: [] } };
  const asked: SessionEvent = {
    type: 'tasks-arrived',
    page: {
      tasks: [{ ...task('old'), annotation, sentBack: { note: 'Why?', at: '2026-01-01T00:00:00Z' } }, task('s')],
      progress: { done: 4, total: 9 },
    },
  };
  const submit: SessionEvent = { type: 'submit', key: 'key-of-it', timeOnTaskMs: 1, press: { clicks: 1, at: 0 } };

  it('comes after the one on screen, before all others, with the old answer, and is not one more that is done', () => {
    const state = sessionAfter(page('p', 'q', 'r'), found('p'), asked);
    expect(state.queue.tasks.map(({ promptId }) => promptId)).toEqual(['p', 'old', 'q', 'r', 's']);
    const next = [{ type: 'skip' } as const, found('old')].reduce(
      (known, event) => reduceSession(known, event, TIERS),
      state,
    );
    expect([onScreen(next), next.open!.board.allBad, isReopened(next.open!)]).toEqual(['old', true, false]);
    const answered = reduceSession(next, submit, TIERS);
    expect(answered.queue.progress!.done).toBe(next.queue.progress!.done);
    // It may be sent back once more.
    expect(reduceSession(answered, asked, TIERS).queue.tasks.map(({ promptId }) => promptId)).toContain('old');
  });
});

describe('a prompt that was judged here and is offered again', () => {
  const submit: SessionEvent = { type: 'submit', key: 'key-of-it', timeOnTaskMs: 1, press: { clicks: 1, at: 0 } };
  const offered = (promptId: string, tier: number): SessionEvent => {
    const known = task(promptId);
    const placements = known.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier }) as const);
    const annotation = { version: 3, allBad: false, placements, remarks: { comment: '', tags: [], marks: [] } };
    const responses = [...known.responses, { id: `${promptId}c`, text: 'c' }];
    return {
      type: 'tasks-arrived',
      page: { tasks: [{ ...known, responses, annotation }], progress: { done: 0, total: 1 } },
    };
  };

  it('begins with what the server has of it by then', () => {
    const state = sessionAfter(
      page('p'),
      found('p'),
      { type: 'act', action: { type: 'place', id: 'pa', place: 0 }, timeOnTaskMs: 1 },
      submit,
      offered('p', 2),
    );
    expect(state.open?.board.places).toEqual({ pa: 2, pb: 2, pc: null });
    expect(state.open).toMatchObject({ version: 3, judged: false });
  });

  it('is not the way back as well, so that going back from it does not show what it was before', () => {
    const place: SessionEvent = { type: 'act', action: { type: 'place', id: 'pa', place: 0 }, timeOnTaskMs: 1 };
    const state = sessionAfter(page('o', 'p'), found('o'), found('p'), submit, place, submit, offered('p', 2));
    expect(onScreen(state)).toBe('p');
    const back = reduceSession(state, { type: 'back' }, TIERS);
    expect(back.queue.tasks.map(({ promptId }) => promptId)).toEqual(['o', 'p']);
    const again = reduceSession(back, submit, TIERS);
    expect(again.open?.board.places).toEqual({ pa: 2, pb: 2, pc: null });
  });

  it('is taken from the queue once, whatever was said of it while it was asked for', () => {
    const asked: SessionEvent = { type: 'tasks-asked', excluded: ['q'] };
    expect(sessionAfter(page('p'), found('p'), asked, page('p', 'q', 'r')).queue.tasks).toHaveLength(2);
  });
});

it('the queue is looked at again when a save was acknowledged while it was found to be empty', () => {
  const asked: SessionEvent = { type: 'tasks-asked', excluded: [] };
  const heard: SessionEvent = { type: 'outbox', state: { ...outbox, acknowledged: 1 } };
  expect(sessionAfter(asked, heard, page()).queue.exhaustedAt).toBe(0);
  expect(sessionAfter(heard, asked, page()).queue.exhaustedAt).toBe(1);
});

it('what is judged once more while the server counts it is done once', () => {
  const submit = (key: string): SessionEvent => ({
    type: 'submit',
    key,
    timeOnTaskMs: 1,
    press: { clicks: 1, at: 0 },
  });
  const counted: SessionEvent = { type: 'tasks-arrived', page: { tasks: [], progress: { done: 2, total: 3 } } };
  const state = sessionAfter(
    { type: 'tasks-arrived', page: { tasks: ['p', 'q', 'r'].map(task), progress: { done: 0, total: 3 } } },
    ...['p', 'q', 'r'].map(found),
    submit('key-of-p'),
    submit('key-of-q'),
    { type: 'back' },
    { type: 'tasks-asked', excluded: [] },
    submit('key-of-q-again'),
    counted,
  );
  expect([onScreen(state), state.queue.progress]).toEqual(['r', { done: 2, total: 3 }]);
});

it('what is judged while more prompts are asked for counts as done at once; what is skipped does not', () => {
  const asked: SessionEvent = { type: 'tasks-asked', excluded: [] };
  const press = { clicks: 1, at: 0 };
  const submit: SessionEvent = { type: 'submit', key: 'key-of-it', timeOnTaskMs: 1, press };
  const done = (meanwhile: SessionEvent) =>
    sessionAfter(page('p', 'q'), found('p'), asked, meanwhile, page('r')).queue.progress?.done;
  expect(done(submit)).toBe(1);
  expect(done({ type: 'skip' })).toBe(0);
});

it('what is stored before the server counts is done once', () => {
  const press = { clicks: 1, at: 0 };
  const state = sessionAfter(
    { type: 'tasks-arrived', page: { tasks: ['p', 'q'].map(task), progress: { done: 0, total: 3 } } },
    found('p'),
    { type: 'tasks-asked', excluded: [] },
    { type: 'submit', key: 'key-of-p', timeOnTaskMs: 1, press },
    { type: 'outbox', state: { ...outbox, acknowledged: 1 } },
    { type: 'tasks-arrived', page: { tasks: [], progress: { done: 1, total: 3 } } },
  );
  expect(state.queue.progress).toEqual({ done: 1, total: 3 });
});

describe('what waits in the outbox', () => {
  const request = {
    promptId: 'q',
    idempotencyKey: 'key-of-q',
    baseVersion: 0,
    allBad: true,
    timeOnTaskMs: 0,
    placements: [],
  };
  const unsentOnQ: OutboxState = { ...outbox, items: applyChange([], addRule('me', request, 'q')([])) };

  it('is not offered again by an answer that the server gave without knowing of it', () => {
    const state = sessionAfter({ type: 'outbox', state: unsentOnQ }, page('p', 'q'));
    expect(state.queue.tasks.map(({ promptId }) => promptId)).toEqual(['p']);
  });

  it('from another tab does not fill the board of a prompt that this one had fetched before', () => {
    const fetched = [page('p', 'q'), found('p'), found('q')];
    const state = sessionAfter(...fetched, { type: 'outbox', state: unsentOnQ }, { type: 'skip' });
    expect(state.open).toMatchObject({ builtOn: null, board: { allBad: false } });
    expect(onScreen(state)).toBe('q');
  });

  const choice = (key: string, tier: number) => ({
    promptId: 'p',
    idempotencyKey: key,
    baseVersion: 0,
    allBad: false,
    timeOnTaskMs: 1,
    placements: [{ responseId: 'pa', state: 'placed', tier } as const],
  });
  /** The session saved 'p' as key-one, which met a conflict; then this took its place, and became version 7. */
  const replacedBy = (request: ReturnType<typeof choice>, ...before: SessionEvent[]) => {
    const [one] = applyChange([], addRule('me', choice('key-one', 0), 'p')([]));
    const refused = [{ ...one!, attempted: true, status: 'conflict' as const }];
    const items = applyChange(refused, addRule('me', request, 'p')(refused));
    expect(items).toHaveLength(1);
    const submit: SessionEvent = { type: 'submit', key: 'key-one', timeOnTaskMs: 1, press: { clicks: 1, at: 0 } };
    return sessionAfter(
      page('p', 'q'),
      found('p'),
      found('q'),
      submit,
      { type: 'outbox', state: { ...outbox, items: refused } },
      ...before,
      { type: 'outbox', state: { ...outbox, items } },
      { type: 'outbox', state: { ...outbox, versions: new Map([[request.idempotencyKey, 7]]) } },
    );
  };

  it('and takes the place of the own save after a conflict is what the board of it builds on', () => {
    const back = reduceSession(replacedBy(choice('key-two', 0)), { type: 'back' }, TIERS);
    expect(back.open).toMatchObject({ builtOn: 'key-two', version: 7 });
    expect(replacedBy(choice('key-two', 0), { type: 'back' }).open).toMatchObject({ builtOn: 'key-two', version: 7 });
  });

  it('and says something else than the own save, from another tab, is not built on', () => {
    const back = reduceSession(replacedBy(choice('key-two', 1)), { type: 'back' }, TIERS);
    expect(back.open).toMatchObject({ builtOn: 'key-one', version: 0 });
  });

  it('that got through lets a failed request be made again', () => {
    const failed: SessionEvent = { type: 'tasks-failed', failure: new ApiError(0, 'network', ''), cached: null };
    expect(sessionAfter(failed).queue).toMatchObject({ failures: 1, failure: { status: 0 } });
    const heard: SessionEvent = { type: 'outbox', state: { ...outbox, acknowledged: 1 } };
    expect(sessionAfter(failed, heard).queue).toMatchObject({ failures: 1, failure: null });
  });
});

describe('whatever happens', () => {
  const prompt = fc.constantFrom('p0', 'p1', 'p2', 'p3');
  /** As the server has it once responses were added to what was judged. */
  const grown = (promptId: string): SessionEvent => {
    const known = task(promptId);
    const placements = known.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 1 }) as const);
    const annotation = { version: 1, allBad: false, placements, remarks: { comment: '', tags: [], marks: [] } };
    const responses = [...known.responses, { id: `${promptId}c`, text: 'c' }];
    return {
      type: 'tasks-arrived',
      page: { tasks: [{ ...known, responses, annotation }], progress: { done: 0, total: 9 } },
    };
  };
  const event: fc.Arbitrary<SessionEvent> = fc.oneof(
    fc.uniqueArray(prompt, { maxLength: 3 }).map((ids) => page(...ids)),
    prompt.map(grown),
    fc.array(prompt, { maxLength: 3 }).map((excluded): SessionEvent => ({ type: 'tasks-asked', excluded })),
    prompt.map(found),
    fc.record({
      type: fc.constant('act' as const),
      timeOnTaskMs: fc.nat(1000),
      action: fc.record({
        type: fc.constant('place' as const),
        id: fc.tuple(prompt, fc.constantFrom('a', 'b')).map(([id, response]) => `${id}${response}`),
        place: fc.constantFrom(0, 1, 2, null, 'cannot_judge' as const),
      }),
    }),
    fc.record({
      type: fc.constant('submit' as const),
      key: fc.string({ minLength: 8, maxLength: 8 }),
      timeOnTaskMs: fc.nat(1000),
      press: fc.constant({ clicks: 1, at: 0 }),
    }),
    fc.record({ type: fc.constant('press' as const), press: fc.record({ clicks: fc.nat(2), at: fc.nat(10_000) }) }),
    fc.constantFrom<SessionEvent>(
      { type: 'skip' },
      { type: 'back' },
      { type: 'retry' },
      { type: 'tasks-dropped' },
      { type: 'tasks-failed', failure: new ApiError(0, 'network', ''), cached: null },
    ),
    fc.nat(5).map((acknowledged): SessionEvent => ({ type: 'outbox', state: { ...outbox, acknowledged } })),
  );
  const events = fc.array(event, { maxLength: 60, size: 'max' });

  it('one prompt is on the board, no prompt is there twice, and the board has its responses', () => {
    fc.assert(
      fc.property(events, (steps) => {
        let state = sessionAfter();
        for (const step of steps) {
          state = reduceSession(state, step, TIERS);
          const ahead = state.queue.tasks.map(({ promptId }) => promptId);
          expect(new Set(ahead).size).toBe(ahead.length);
          const left = state.past.map((one) => one.task.promptId);
          expect(new Set([...ahead, ...left]).size).toBe(ahead.length + left.length);
          if (!state.open) continue;
          expect(onScreen(state)).toBe(ahead[0]);
          expect(state.open.board.responseIds).toEqual(state.open.task.responses.map(({ id }) => id));
        }
      }),
    );
  });

  it('leaving a prompt and going back to it at once gives the board that was left', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (steps, skips) => {
        const state = sessionAfter(...steps);
        if (!state.open) return;
        const leave: SessionEvent = skips
          ? { type: 'skip' }
          : { type: 'submit', key: 'some-key', timeOnTaskMs: 5, press: { clicks: 1, at: 0 } };
        const back = [leave, { type: 'back' } as const].reduce((known, one) => reduceSession(known, one, TIERS), state);
        expect(back.open?.board.places).toEqual(state.open.board.places);
        expect(back.open?.board.allBad).toBe(state.open.board.allBad);
        expect(back.queue.tasks.map(({ promptId }) => promptId)).toEqual(
          state.queue.tasks.map(({ promptId }) => promptId),
        );
      }),
    );
  });

  it('nothing that was there before is altered', () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
      Object.freeze(value);
      Object.values(value).forEach(freeze);
    };
    fc.assert(
      fc.property(events, (steps) => {
        let state = sessionAfter();
        for (const step of steps) {
          freeze(state);
          const [submitted, prompts] = [[...state.submitted], [...state.prompts]];
          const next = reduceSession(state, step, TIERS);
          expect([[...state.submitted], [...state.prompts]]).toEqual([submitted, prompts]);
          state = next;
        }
      }),
    );
  });
});
