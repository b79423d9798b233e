import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import type { OutboxItem, OutboxState } from '../outbox/annotation-outbox';
import { draftWords, saveWords } from './save-words';

const t = translatorFor('annotate');
const item = (status: OutboxItem['status'] = 'waiting') => ({ status, request: {} }) as OutboxItem;
const mark = (kind: string) => ({ status: 'waiting', request: { kind, mark: null } }) as OutboxItem;
const state = (more: Partial<OutboxState> = {}): OutboxState => ({
  loaded: true,
  items: [],
  sending: false,
  failure: null,
  acknowledged: 0,
  versions: new Map(),
  storage: 'ok',
  ...more,
});
const words = (more: Partial<OutboxState>, online = true) => saveWords(state(more), online, t).text;
const failed = (reason: 'offline' | 'signed-out' | 'busy' | 'fault') => ({ failure: { reason, message: '' } });

describe('saveWords', () => {
  it('says nothing before there is anything, and "Saved" only after an acknowledgement', () => {
    expect(words({})).toBe('');
    expect(words({ items: [item()], sending: true })).toBe('Saving…');
    expect(words({ acknowledged: 1 })).toBe('Saved');
    expect(words({ acknowledged: 1, items: [item()], sending: true })).toBe('Saving…');
  });

  it('counts what waits, and says where it is kept', () => {
    expect(words({ items: [item(), item()], sending: true })).toBe('2 waiting to be sent, kept in this browser');
    expect(words({ items: [item(), item()], storage: 'full' })).toBe('2 waiting to be sent, kept only on this page');
  });

  it('names the skips and flags among what waits', () => {
    const items = [item(), mark('flagged'), mark('skipped'), mark('flagged')];
    expect(words({ items })).toBe('4 waiting to be sent (1 skip, 2 flags), kept in this browser');
  });

  it('says why it waits', () => {
    const items = [item()];
    expect(words({ items, ...failed('offline') }, false)).toBe('Offline: 1 waiting to be sent, kept in this browser');
    expect(words({ items, ...failed('offline') })).toMatch(/^No answer from the server: 1 waiting/);
    expect(words({ items, ...failed('signed-out') })).toMatch(/^Signed out: 1 waiting/);
    expect(words({ items, ...failed('busy') })).toMatch(/^The server is busy: 1 waiting/);
    expect(words({ items, ...failed('fault'), sending: true })).toMatch(/^Server error: 1 waiting/);
    expect(words({}, false)).toBe('Offline: your work is kept in this browser');
  });

  it('never hides what needs a decision behind what is saved', () => {
    expect(words({ items: [item('conflict')], acknowledged: 5 })).toBe('1 needs your decision');
    expect(words({ items: [item('conflict'), item('refused')] })).toBe('2 need your decision');
    expect(words({ items: [item('conflict'), item()], sending: true })).toBe(
      '1 waiting to be sent, kept in this browser; 1 needs your decision',
    );
  });
});

it('draftWords says where unsaved work is', () => {
  expect(draftWords('none', t)).toBe('');
  expect(draftWords('lost', t)).toMatch(/cannot keep/);
});
