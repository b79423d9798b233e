import { describe, expect, it } from 'vitest';
import { type Correction, judgedTexts } from './judged-texts';

const response = (id: string, textVersion: number, textBefore: string): Correction => ({
  responseId: id,
  textVersion,
  textBefore,
  messagesBefore: null,
});
const asked = (content: string) => [{ role: 'user' as const, content }];

// Version 2 has another a, version 3 another prompt, version 4 another a again.
const corrections: Correction[] = [
  response('a', 1, 'a, first'),
  { responseId: null, textVersion: 2, textBefore: null, messagesBefore: asked('first') },
  response('a', 3, 'a, second'),
];

describe('the texts that a version judged', () => {
  it.each([
    [1, 'a, first', 'first'],
    [2, 'a, second', 'first'],
    [3, 'a, second', undefined],
    [4, undefined, undefined],
  ])('version %i', (version, a, prompt) => {
    const { responses, messages } = judgedTexts(corrections, version);
    expect(responses.get('a')).toBe(a);
    expect(messages?.[0]?.content).toBe(prompt);
    expect(responses.has('b')).toBe(false);
  });
});
