import { describe, expect, it } from 'vitest';
import { drawnInEnglish } from '@/components/ui/drawn-in-english.test-support';
import type { SharedMark } from '@/lib/schemas/prompt-mark';
import { MarkList } from './mark-list';

const flag = (externalId: string, more: Partial<SharedMark> = {}) =>
  ({
    promptId: `id-of-${externalId}`,
    externalId,
    kind: 'flagged',
    reason: null,
    note: '',
    createdAt: '2026-01-02T03:04:05.000Z',
    resolvedAt: null,
    annotator: 'Ben',
    annotatorId: 'a/b',
    ...more,
  }) as SharedMark;
const drawn = (...marks: SharedMark[]) => drawnInEnglish(<MarkList projectId="p" marks={marks} />);

describe('the list of what was skipped and flagged', () => {
  it('links to the answer of the annotator, with any characters in the id', () => {
    expect(drawn(flag('tower'))).toContain('href="/projects/p/work/id-of-tower/a%2Fb"');
  });

  it('keeps resolved flags behind those that are open', () => {
    const html = drawn(flag('done', { resolvedAt: '2026-01-03T00:00:00.000Z' }), flag('open'));
    const details = html.slice(html.indexOf('<details'));
    expect(details).toContain('done');
    expect(details).not.toContain('id-of-open');
    expect(drawn(flag('open'))).not.toContain('<details');
  });

  it('tells "nothing was marked" from "all of it is resolved"', () => {
    const [nothing, resolved] = [drawn(), drawn(flag('done', { resolvedAt: '2026-01-03T00:00:00.000Z' }))];
    expect(nothing).toContain('Nobody');
    expect(resolved).not.toContain('Nobody');
  });

  it('shows what people wrote as text', () => {
    expect(drawn(flag('x', { note: '<b onclick=evil()>' }))).toContain('&lt;b onclick=evil()&gt;');
  });
});
