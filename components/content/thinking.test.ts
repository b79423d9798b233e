import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitThinking } from './thinking';

/** Thinking in brackets, answers as they are. */
const parts = (text: string, ...names: string[]) =>
  splitThinking(text, names).map(({ kind, text }) => (kind === 'thinking' ? `(${text})` : text));

describe('splitThinking', () => {
  it('leaves a text without such tags as it is', () => {
    for (const text of ['', ' Four. ', 'if (a <b> c) </b>', '<thinker>a</thinker>'])
      expect(parts(text)).toEqual([text]);
  });

  it('takes thinking out of an answer, with the empty lines around it', () => {
    expect(parts('<think>\nTwo and two.\n</think>\n\nFour.\n')).toEqual(['(Two and two.)', 'Four.']);
    expect(parts('First <THINKING>hm</Thinking> then <reasoning>so</reasoning> last')).toEqual([
      'First',
      '(hm)',
      'then',
      '(so)',
      'last',
    ]);
  });

  it('keeps the indentation of a first line', () => {
    expect(parts('<think>a</think>\n\n    f(1)')).toEqual(['(a)', '    f(1)']);
    expect(parts('  So.<think>a</think>')).toEqual(['  So.', '(a)']);
  });

  it('knows the tags of a project', () => {
    expect(parts('<scratch-pad>a</scratch-pad>b')).toEqual(['<scratch-pad>a</scratch-pad>b']);
    expect(parts('<scratch-pad>a</Scratch-Pad>b', 'Scratch-pad')).toEqual(['(a)', 'b']);
  });

  it('takes all behind an opening tag that nothing closes for thinking', () => {
    expect(parts('So <think>I was cut off')).toEqual(['So', '(I was cut off)']);
  });

  it('takes all before a first closing tag for thinking, and no later one', () => {
    expect(parts('Two and two.</think>Four.')).toEqual(['(Two and two.)', 'Four.']);
    expect(parts('<think>a</think>b</think>c')).toEqual(['(a)', 'b</think>c']);
  });

  it('takes other tags within thinking for thoughts', () => {
    expect(parts('<think>a <think> <reasoning>b</reasoning></think>c')).toEqual([
      '(a <think> <reasoning>b</reasoning>)',
      'c',
    ]);
  });

  it('takes tags in code for code', () => {
    for (const text of ['```\n<think>a</think>\n```', '~~~xml\n</think>\n~~~', 'Write `<think>` first.']) {
      expect(parts(text)).toEqual([text]);
    }
    expect(parts('<think>\n```\n</think>\n```\n</think>b')).toEqual(['(```\n</think>\n```)', 'b']);
  });

  it('lets empty thinking vanish', () => {
    expect(parts('<think>\n\n</think>\n\nFour.')).toEqual(['Four.']);
    expect(parts('<think></think>')).toEqual([]);
  });

  it('says where each part stands, in order and apart, and loses no word', () => {
    const piece = fc.constantFrom('<think>', '</think>', '<x>', '</x>', '```\n', '\n', ' ', 'word', '`', '😀', '    ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        let last = 0;
        for (const part of splitThinking(text, ['x'])) {
          expect(part.start).toBeGreaterThanOrEqual(last);
          expect(part.text).toBe(text.slice(part.start, part.end));
          expect(
            text
              .slice(last, part.start)
              .replace(/<\/?(?:think|x)>/g, '')
              .trim(),
          ).toBe('');
          last = part.end;
        }
        expect(
          text
            .slice(last)
            .replace(/<\/?(?:think|x)>/g, '')
            .trim(),
        ).toBe('');
      }),
    );
  });
});
