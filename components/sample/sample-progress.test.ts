import { describe, expect, it } from 'vitest';
import { MessageError } from '@/components/ui/browser-error';
import { translatorFor } from '@/lib/i18n/testing-translator';
import type { SampleEvent } from './sample-messages';
import {
  formatLeftOut,
  initialSampleProgress,
  reduceSampling,
  responseKey,
  type SampleAction,
  toAddResponsesRequest,
} from './sample-progress';

const prompt = (promptId: string, ...texts: string[]) => ({
  promptId,
  externalId: promptId,
  question: 'Why?',
  added: texts.map((text, i) => ({ id: `sample-${i + 1}`, text, source: 'm' })),
});
const leftOut = { empty: 1, duplicates: 2, beyond: 0, cut: 0, tooLong: 1, full: 0 };
const says = (event: SampleEvent): SampleAction => ({ type: 'worker', event });
const stateAfter = (...actions: SampleAction[]) => actions.reduce(reduceSampling, initialSampleProgress('p', 'm'));
const [first, second] = [prompt('a', 'one', 'two'), prompt('b', 'three')];
const sampled = [
  says({ type: 'progress', done: 0, total: 0, tokens: 0 }),
  says({ type: 'prompts', prompts: [first], leftOut }),
  says({ type: 'progress', done: 4, total: 8, tokens: 60 }),
  says({ type: 'prompts', prompts: [second], leftOut }),
];

describe('sampling', () => {
  it('goes from loading over sampling to a list, of which what is dropped is not stored', () => {
    expect(stateAfter(sampled[0]!).phase).toBe('loading');
    expect(stateAfter(...sampled)).toMatchObject({ phase: 'sampling', done: 4, total: 8, prompts: [first, second] });
    const ready = stateAfter(...sampled, says({ type: 'done', stopped: false }));
    expect(ready).toMatchObject({ phase: 'ready', stopped: false });
    const drop = (key: string): SampleAction => ({ type: 'toggle', key });
    const chosen = [drop(responseKey(first, 'sample-1')), drop(responseKey(second, 'sample-1'))].reduce(
      reduceSampling,
      ready,
    );
    expect(toAddResponsesRequest(chosen)).toEqual({
      source: 'm',
      prompts: [{ promptId: 'a', responses: [{ text: 'two' }] }],
    });
    expect(toAddResponsesRequest(reduceSampling(chosen, drop(responseKey(second, 'sample-1')))).prompts).toHaveLength(
      2,
    );
  });

  it('a failure or a stop keeps the responses so far; without any, sampling failed', () => {
    const error = says({ type: 'error', failure: { translatable: { key: 'trainer.noPrompts' }, message: 'Broken.' } });
    expect(stateAfter(...sampled, error)).toMatchObject({
      phase: 'ready',
      stopped: true,
      error: { what: 'endedEarly', cause: new MessageError({ key: 'trainer.noPrompts' }, 'Broken.') },
    });
    expect(stateAfter(error)).toMatchObject({
      phase: 'failed',
      error: { what: 'failed', cause: new MessageError({ key: 'trainer.noPrompts' }, 'Broken.') },
    });
    expect(stateAfter(...sampled, says({ type: 'done', stopped: true }))).toMatchObject({
      phase: 'ready',
      stopped: true,
    });
  });

  it('a refusal to store keeps the list for another attempt; after storing, late events of the worker are ignored', () => {
    const ready = stateAfter(...sampled, says({ type: 'done', stopped: false }), { type: 'storing' });
    const again = reduceSampling(ready, { type: 'not-stored', cause: 'No answer.' });
    expect(again).toMatchObject({
      phase: 'ready',
      error: { what: 'notStored', cause: 'No answer.' },
      prompts: [first, second],
    });
    const result = { responses: 3, prompts: 2, duplicates: 0, beyond: 0 };
    const stored = reduceSampling(again, { type: 'stored', result });
    expect(stored).toMatchObject({ phase: 'stored', result });
    expect(reduceSampling(stored, says({ type: 'done', stopped: true }))).toBe(stored);
  });

  it('reports the prompts without a response', () => {
    expect(formatLeftOut(leftOut, translatorFor('sample'))).toEqual([
      '2 responses were duplicates',
      '1 response was empty',
      '1 prompt was too long for the model',
    ]);
  });
});
