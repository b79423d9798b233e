import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '@/components/ui/retry-policy';
import type { BoardContent, Draft } from '@/lib/schemas/draft';
import { chooseDraft, type DraftAnswer, DraftSaver, type DraftState } from './draft-saver';

const content = (timeOnTaskMs: number): BoardContent => ({ allBad: false, timeOnTaskMs, placements: [] });

function makeSaver(answers: (DraftAnswer | Promise<DraftAnswer>)[] = [], sequence = 0) {
  const sent: { sequence: number; leaving: boolean }[] = [];
  const states: DraftState[] = [];
  const local: Draft[] = [];
  let planned: (() => void) | null = null;
  const delays: number[] = [];
  const state = { full: false, removed: [] as number[] };
  const it = new DraftSaver({
    baseVersion: 0,
    sequence,
    store: async (draft) => {
      if (state.full) throw new DOMException('full', 'QuotaExceededError');
      local.push(draft);
    },
    remove: async (sequence) => {
      state.removed.push(sequence);
    },
    send: async (draft, leaving) => {
      sent.push({ sequence: draft.sequence, leaving });
      return answers.shift() ?? 'stored';
    },
    schedule: (run, ms) => {
      planned = run;
      delays.push(ms);
      return () => {
        planned = null;
      };
    },
    onState: (next) => void states.push(next),
  });
  const settle = async () => {
    for (let n = 0; n < 20; n++) await Promise.resolve();
  };
  const pause = async () => {
    const run = planned;
    planned = null;
    run?.();
    await settle();
  };
  return { it, sent, states, local, state, delays, pause, settle, isPlanned: () => planned !== null };
}

describe('DraftSaver', () => {
  it('keeps every pause of changes here, and sends only the newest after a pause', async () => {
    const { it: drafts, sent, local, states, pause, settle } = makeSaver();
    for (let n = 1; n <= 5; n++) drafts.change(content(n));
    await settle();
    expect(local.at(-1)).toEqual({ baseVersion: 0, sequence: 5, content: content(5) });
    expect(local.length).toBeLessThan(5);
    expect(sent).toEqual([]);
    await pause();
    expect(sent).toEqual([{ sequence: 5, leaving: false }]);
    expect(states.at(-1)).toBe('server');
  });

  it('goes on after what another machine stored', async () => {
    const { it: drafts, sent, pause } = makeSaver([{ refused: 'older', sequence: 40 }], 3);
    drafts.change(content(1));
    await pause();
    await pause();
    expect(sent.map(({ sequence }) => sequence)).toEqual([4, 41]);
  });

  it('tries again when nobody answers, and not when the annotation has moved on', async () => {
    const { it: drafts, sent, states, pause, isPlanned } = makeSaver(['unreachable', { refused: 'stale' }]);
    drafts.change(content(1));
    await pause();
    expect(states.at(-1)).toBe('local');
    await pause();
    expect(sent).toHaveLength(2);
    expect(isPlanned()).toBe(false);
  });

  it('waits longer after each try that nobody answers, and starts over after an answer', async () => {
    const { it: drafts, pause, delays } = makeSaver(['unreachable', 'unreachable', 'stored', 'unreachable']);
    drafts.change(content(1));
    for (let n = 0; n < 3; n++) await pause();
    drafts.change(content(2));
    await pause();
    expect(delays.filter((ms) => ms >= retryDelayMs(1))).toEqual([1, 2, 1].map(retryDelayMs));
  });

  it('says when the browser does not keep it', async () => {
    const { it: drafts, states, state, settle } = makeSaver();
    state.full = true;
    drafts.change(content(1));
    await settle();
    expect(states).toEqual(['lost']);
  });

  it('sends at once when the page is left', async () => {
    const { it: drafts, sent } = makeSaver();
    drafts.change(content(1));
    drafts.leave();
    expect(sent).toEqual([{ sequence: 1, leaving: true }]);
  });

  it('moves on to the version that the work on screen became', async () => {
    const { it: drafts, local, settle } = makeSaver();
    drafts.change(content(1));
    drafts.rebase(2);
    drafts.rebase(1);
    await settle();
    expect(local.at(-1)).toEqual({ baseVersion: 2, sequence: 2, content: content(1) });
  });

  it('is silent once the work was handed over, and forgets what it gave, nothing newer', async () => {
    const { it: drafts, sent, state, pause, settle } = makeSaver();
    drafts.change(content(1));
    await settle();
    await drafts.stop();
    drafts.change(content(2));
    await pause();
    expect(sent).toEqual([]);
    expect(state.removed).toEqual([1]);
  });
});

describe('chooseDraft', () => {
  const draft = (baseVersion: number, sequence: number): Draft => ({
    baseVersion,
    sequence,
    content: content(sequence),
  });

  it('takes the later of two that fit, the one here among equals', () => {
    expect(chooseDraft(0, draft(0, 3), draft(0, 5))).toMatchObject({ start: content(5), sequence: 5 });
    expect(chooseDraft(0, draft(0, 6), draft(0, 5))).toMatchObject({ start: content(6), sequence: 6 });
    expect(chooseDraft(0, null, draft(0, 5)).start).toEqual(content(5));
    expect(chooseDraft(0, null, null)).toEqual({ start: null, stale: null, sequence: 0, version: 0 });
  });

  it('never puts one of an older version on the board, but offers it', () => {
    expect(chooseDraft(2, draft(1, 3), null)).toEqual({ start: null, stale: draft(1, 3), sequence: 3, version: 2 });
    expect(chooseDraft(2, draft(1, 3), draft(2, 1))).toMatchObject({ start: content(1), stale: null });
  });

  it('goes on with one of a newer version than the page has heard of, and says which', () => {
    expect(chooseDraft(1, draft(2, 3), null)).toMatchObject({ start: content(3), stale: null, version: 2 });
    expect(chooseDraft(1, draft(2, 3), draft(1, 8))).toMatchObject({ start: content(3), sequence: 8, version: 2 });
    expect(chooseDraft(1, draft(1, 3), draft(1, 2))).toMatchObject({ start: content(3), version: 1 });
  });
});
