import { describe, expect, it } from 'vitest';
import { drawnInEnglish } from '@/components/ui/drawn-in-english.test-support';
import type { ImportPreview as Preview } from '@/lib/schemas/import-preview';
import { ImportPreview } from './import-preview';

const nothing: Preview = {
  ok: true,
  canLeaveOut: false,
  found: {
    title: 'an import file',
    fields: [],
    rows: 0,
    responses: 0,
    merged: 0,
    judgements: 0,
    pairs: 0,
    annotators: 0,
    annotatorNames: [],
    compressed: 0,
    tooManyAnnotators: false,
  },
  counts: { new: 0, unchanged: 0, extended: 0, conflicting: 0 },
  errors: [],
  errorCount: 0,
  warnings: [],
  sample: [],
};
const drawn = (more: Partial<Preview>) => drawnInEnglish(<ImportPreview preview={{ ...nothing, ...more }} />);

describe('the preview of an import', () => {
  it('lists each problem with its line, several of one line too, and says when there are more', () => {
    const errors = [
      { line: 3, message: 'no prompt' },
      { line: 3, message: 'no responses' },
    ];
    const html = drawn({ errors, errorCount: 2 });
    expect(html.match(/<tr/g)).toHaveLength(3);
    expect(html).toContain('no prompt');
    expect(html).toContain('no responses');
    expect(html).not.toContain('The first 2');
    expect(drawn({ errors, errorCount: 1_500 })).toContain('1,500');
  });

  it('mentions prompts with more responses only if there are any', () => {
    expect(drawn({})).not.toContain('Extended');
    expect(drawn({ counts: { ...nothing.counts, extended: 2 } })).toContain('Extended');
  });

  it('says what the file is and how that is known, and counts its judgements', () => {
    expect(drawn({ found: { ...nothing.found, responses: 2 } })).toContain('This is an import file.');
    // A file of which nothing can be read may be anything.
    expect(drawn({})).not.toContain('This is');
    const found = { ...nothing.found, responses: 2, title: 'a TRL preference file', fields: ['chosen', 'rejected'] };
    const html = drawn({ found: { ...found, merged: 2, judgements: 7, pairs: 1 } });
    expect(html).toContain('This is a TRL preference file, recognised by chosen, rejected.');
    expect(html).toContain('1 pair of better and worse');
    expect(html).toContain('Merged');
    expect(html).toContain('>7<');
    expect(drawn({ found })).not.toContain('of better and worse');
  });

  it('shows no table without problems', () => {
    expect(drawn({ counts: { ...nothing.counts, new: 5 } })).not.toContain('<table');
  });
});
