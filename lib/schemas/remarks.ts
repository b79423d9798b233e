/** An annotator's remarks on a prompt: a comment, issue tags of responses, and highlighted passages with a tag. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { responseIdSchema } from '@/trainer/contract/ids';
import { issueKey } from './issue';
import { highlightKey, MAX_ISSUE_TAGS, offeredTags, type TagColor, tagColors, tagKey } from './remark-keys';
import { isStorable } from './storable';

export type { TagColor };

/** Text that PostgreSQL stores unchanged: no NUL, no lone surrogate. */
export const storableText = (max: number) => z.string().max(max).refine(isStorable, issueKey('storableText'));

// ---------- the project's issue tags ----------

const tagId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, issueKey('tagId'));

export const issueTagSchema = z.strictObject({
  /** The id by which annotations refer to the tag; it does not change when the tag is renamed. */
  id: tagId,
  name: storableText(40).refine((name) => name.trim() === name && name !== '', issueKey('needsName')),
  color: z.enum(tagColors).default('grey'),
  /** Retired tags are no longer offered, but existing annotations keep them. */
  retired: z.literal(true).optional(),
});
export type IssueTag = z.infer<typeof issueTagSchema>;

export const issueTagsSchema = z
  .array(issueTagSchema)
  .max(200)
  .refine((tags) => new Set(tags.map(({ id }) => id)).size === tags.length, issueKey('idTwice'))
  .refine((tags) => offeredTags(tags).length <= MAX_ISSUE_TAGS, {
    message: issueKey('tooManyTags'),
    params: { maximum: MAX_ISSUE_TAGS },
  })
  .refine((tags) => {
    const names = offeredTags(tags).map(({ name }) => name.toLowerCase());
    return new Set(names).size === names.length;
  }, issueKey('tagTwice'));

// ---------- an annotation's remarks ----------

const responseTagSchema = z.strictObject({ responseId: responseIdSchema, tag: tagId });

/** A highlighted passage: [start, end) in UTF-16 code units of the response's stored text. */
const highlightSchema = z
  .strictObject({ responseId: responseIdSchema, start: z.int().min(0), end: z.int().min(1), tag: tagId })
  .refine(({ start, end }) => start < end, issueKey('endBehindStart'));
export type Highlight = z.infer<typeof highlightSchema>;

export const remarksSchema = z.strictObject({
  comment: storableText(5000),
  tags: z
    .array(responseTagSchema)
    .max(500)
    .refine((tags) => new Set(tags.map(tagKey)).size === tags.length, issueKey('responseTagTwice')),
  marks: z
    .array(highlightSchema)
    .max(500)
    .refine((marks) => new Set(marks.map(highlightKey)).size === marks.length, issueKey('markTwice')),
});
export type Remarks = z.infer<typeof remarksSchema>;
