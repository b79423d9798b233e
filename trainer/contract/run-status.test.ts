import { describe, expect, it } from 'vitest';
import {
  acceptsFiles,
  displayedRunStatus,
  hasTrainedWeights,
  INTERRUPTED_AFTER_MS,
  runEnds,
  runStatuses,
  statusAfter,
  statusWithoutWorker,
} from './run-status';

describe('the status of a run', () => {
  it('follows the updates of its worker until it has ended', () => {
    for (const news of ['running', ...runEnds] as const) {
      expect(statusAfter('created', news)).toBe(news);
      expect(statusAfter('running', news)).toBe(news);
      for (const end of ['finished', 'failed'] as const) {
        expect(statusAfter(end, news)).toBe(news === end ? end : null);
      }
    }
  });

  it('stays stopped when the worker finishes after a stop from elsewhere', () => {
    expect(statusAfter('stopped', 'finished')).toBe('stopped');
    expect(statusAfter('stopped', 'stopped')).toBe('stopped');
    expect(statusAfter('stopped', 'failed')).toBe('failed');
    expect(statusAfter('stopped', 'running')).toBeNull();
  });

  it('never returns to created', () => {
    for (const status of runStatuses) {
      for (const news of ['running', ...runEnds] as const) expect(statusAfter(status, news)).not.toBe('created');
    }
  });

  it('decides whether files are still accepted', () => {
    expect(runStatuses.filter(acceptsFiles)).toEqual(['created', 'running', 'stopped']);
    expect(runStatuses.filter(hasTrainedWeights)).toEqual(['finished', 'stopped']);
  });

  it('reads as interrupted when a running one has been silent, and no other', () => {
    const now = 1_000_000;
    const silent = new Date(now - INTERRUPTED_AFTER_MS - 1);
    expect(displayedRunStatus('running', silent, now)).toBe('interrupted');
    expect(displayedRunStatus('running', new Date(now - INTERRUPTED_AFTER_MS), now)).toBe('running');
    expect(displayedRunStatus('running', null, now)).toBe('running');
    for (const status of runStatuses.filter((other) => other !== 'running')) {
      expect(displayedRunStatus(status, silent, now)).toBe(status);
      expect(statusWithoutWorker(status)).toBe(status);
    }
  });
});
