import { describe, expect, it } from 'vitest';
import { newResponses } from './new-responses';

const sample = (text: string, stopped: 'eos' | 'length' = 'eos') => ({ text, stopped });
const existing = [
  { id: 'a', text: 'Quiet boats.' },
  { id: 'sample-1', text: 'From an earlier time. #### yes' },
];

describe('newResponses', () => {
  it('keeps what is new, with the label it ends with, under ids of its own', () => {
    const samples = [sample(' No noise. #### no\n'), sample('Cut off in the', 'length')];
    expect(newResponses(existing, samples, { source: 'm', most: 12 })).toEqual({
      added: [
        { id: 'sample-2', text: 'No noise. #### no', source: 'm', label: 'no' },
        { id: 'sample-3', text: 'Cut off in the', source: 'm' },
      ],
      empty: 0,
      duplicates: 0,
      beyond: 0,
      cut: 1,
    });
  });

  it('drops and counts the empty, the repeated and what a prompt has no room for', () => {
    const samples = [' ', '\u0000', 'quiet  boats.', 'Quiet\n boats. ', 'New', 'New ', 'One more'].map((t) =>
      sample(t),
    );
    const { added, ...counts } = newResponses(existing, samples, { source: 'm', most: 4 });
    expect(added.map(({ text }) => text)).toEqual(['quiet  boats.', 'New']);
    expect(counts).toEqual({ empty: 2, duplicates: 2, beyond: 1, cut: 0 });
  });
});
