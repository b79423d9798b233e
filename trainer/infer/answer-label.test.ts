import { describe, expect, it } from 'vitest';
import { responseText } from '../data/esnli';
import { answerLabel, sameLabel } from './answer-label';

describe('answerLabel', () => {
  it.each([
    ['Quiet boats make no noise. #### contradiction', 'contradiction'],
    ['one\n#### 42', '42'],
    ['####neutral', 'neutral'],
    ['the last one counts: #### a, no: #### b', 'b'],
    ['nothing behind its line\n#### yes\nPremise: more that nobody asked for', 'yes'],
    ['dressed up #### **Not enough information**.', 'Not enough information'],
    ['inner full stops stay #### 3.14', '3.14'],
    ['Windows #### yes\r\n', 'yes'],
  ])('%j has the label %j', (text, label) => expect(answerLabel(text)).toBe(label));

  it.each([
    '',
    'contradiction',
    '### contradiction',
    '##### a heading',
    'cut off ####',
    'cut off #### \nneutral',
    '#### ..',
  ])('%j has none', (text) => expect(answerLabel(text)).toBeNull());

  it('reads what this project writes', () => {
    expect(answerLabel(responseText(' A reason. ', 'entailment'))).toBe('entailment');
  });
});

describe('sameLabel', () => {
  it('overlooks case and white space, nothing else', () => {
    expect(sameLabel(' Not  Enough ', 'not enough')).toBe(true);
    expect(sameLabel('neutral', 'natural')).toBe(false);
  });
});
