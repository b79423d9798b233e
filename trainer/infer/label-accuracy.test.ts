import { describe, expect, it } from 'vitest';
import { describeLabelAccuracy, judgeAnswer, labelAccuracy } from './label-accuracy';

const answer = (label: string, reference?: string) => ({ text: `Because. #### ${label}`, reference });

describe('labelAccuracy', () => {
  it('counts right labels; an answer without a label is wrong and told apart; no reference, no verdict', () => {
    const answers = [
      answer('Yes', 'yes'),
      answer('no', 'yes'),
      { text: 'yes', reference: 'yes' },
      { text: 'no label, and nothing to compare with' },
      answer('yes'),
    ];
    expect(answers.map(judgeAnswer)).toEqual([
      { label: 'Yes', right: true },
      { label: 'no', right: false },
      { label: null, right: false },
      { label: null, right: null },
      { label: 'yes', right: null },
    ]);
    const result = labelAccuracy(answers);
    expect(result).toMatchObject({ accuracy: 1 / 3, right: 1, prompts: 3, unparsable: 1 });
    expect(describeLabelAccuracy(result)).toMatch(
      /^33\.3 % of 3 prompts \(95 % interval 0\.0 % to 100\.0 %\); 1 without a label, counted as wrong$/,
    );
  });

  it('is undefined without reference labels, and has no interval over one prompt: said in words', () => {
    const none = labelAccuracy([answer('yes')]);
    expect(none).toEqual({ accuracy: null, right: 0, prompts: 0, unparsable: 0, interval: null });
    expect(describeLabelAccuracy(none)).toBe('undefined: no prompt has a reference label');
    expect(describeLabelAccuracy(labelAccuracy([answer('a', 'a')]))).toBe(
      '100.0 % of 1 prompt (no interval: there is one prompt)',
    );
  });
});
