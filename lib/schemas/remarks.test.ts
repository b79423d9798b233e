import { describe, expect, it } from 'vitest';
import { translate } from '@/lib/i18n/translate';
import {
  DEFAULT_ISSUE_TAGS,
  hasRemarks,
  mergeIssueTags,
  noRemarks,
  remarksKey,
  remarksPart,
  remarksProblem,
} from './remark-rules';
import { issueTagsSchema, type Remarks, remarksSchema } from './remarks';

const a = '3f2b8c1e-6a4d-4c5b-9e7f-0a1b2c3d4e5f';
const b = '4f2b8c1e-6a4d-4c5b-9e7f-0a1b2c3d4e5f';
const remarks = (more: Partial<Remarks>): Remarks => ({ ...noRemarks, ...more });
const mark = (start: number, end: number, tag = 'unsafe') => ({ responseId: a, start, end, tag });

describe('remarks', () => {
  it('are refused when a mark is empty or said twice, a tag is said twice, or the comment cannot be stored', () => {
    const accepted = (more: Partial<Remarks>) => remarksSchema.safeParse(remarks(more)).success;
    expect(accepted({ comment: 'Good 👍', tags: [{ responseId: a, tag: 'unsafe' }], marks: [mark(0, 2)] })).toBe(true);
    expect(accepted({ marks: [mark(2, 2)] })).toBe(false);
    expect(accepted({ marks: [mark(3, 2)] })).toBe(false);
    expect(accepted({ marks: [mark(0, 2), mark(0, 2)] })).toBe(false);
    expect(accepted({ marks: [mark(0, 2), mark(0, 2, 'off-topic')] })).toBe(true);
    expect(accepted({ tags: [1, 2].map(() => ({ responseId: a, tag: 'unsafe' })) })).toBe(false);
    expect(accepted({ comment: 'a\u0000b' })).toBe(false);
    expect(accepted({ comment: '\uD83D' })).toBe(false);
  });

  it('name responses of the prompt, tags of the project, and whole characters of the stored text', () => {
    const texts = new Map([[a, 'ab👍cd']]);
    const problem = (more: Partial<Remarks>) => {
      const found = remarksProblem(remarks(more), texts, DEFAULT_ISSUE_TAGS);
      return found && translate('en', found);
    };
    expect(problem({ marks: [mark(2, 4), mark(0, 6)], tags: [{ responseId: a, tag: 'off-topic' }] })).toBeNull();
    expect(problem({ marks: [mark(0, 7)] })).toMatch(/6 code units/);
    expect(problem({ marks: [mark(3, 4)] })).toMatch(/splits/);
    expect(problem({ marks: [mark(0, 3)] })).toMatch(/splits/);
    expect(problem({ tags: [{ responseId: b, tag: 'unsafe' }] })).toMatch(/does not belong to this prompt/);
    expect(problem({ tags: [{ responseId: a, tag: 'rude' }] })).toMatch(/no tag/);
  });

  it('are equal whatever the order, and nothing said is not sent', () => {
    const one = remarks({ marks: [mark(0, 2), mark(2, 4)] });
    expect(remarksKey(one)).toBe(remarksKey({ ...one, marks: [...one.marks].reverse() }));
    expect(remarksKey(one)).not.toBe(remarksKey({ ...one, comment: 'x' }));
    expect(remarksKey(undefined)).toBe(remarksKey(noRemarks));
    expect(remarksPart(noRemarks)).toEqual({});
    expect(remarksPart(one)).toEqual({ remarks: one });
    expect(hasRemarks(undefined)).toBe(false);
  });
});

describe('issue tags', () => {
  it('are never deleted: annotations refer to them', () => {
    const [first, ...rest] = DEFAULT_ISSUE_TAGS;
    const merged = mergeIssueTags(DEFAULT_ISSUE_TAGS, [...rest, { id: 'rude', name: 'Rude', color: 'orange' }]);
    expect(merged.at(-1)).toEqual({ ...first, retired: true });
    expect(issueTagsSchema.parse(merged)).toEqual(merged);
  });

  it('have names of their own, but a retired one may share its name', () => {
    const twice = [...DEFAULT_ISSUE_TAGS, { id: 'wrong', name: 'wrong FACT' }];
    expect(issueTagsSchema.safeParse(twice).success).toBe(false);
    expect(issueTagsSchema.safeParse([...DEFAULT_ISSUE_TAGS, { ...twice.at(-1), retired: true }]).success).toBe(true);
  });
});
