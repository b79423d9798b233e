/**
 * Definitions that the schemas of remarks and remark-rules.ts share; without zod, so that the board can load them
 * early.
 */

/** Colours by name, so that each can be drawn with enough contrast on light and dark. */
export const tagColors = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'grey'] as const;
export type TagColor = (typeof tagColors)[number];

export const MAX_ISSUE_TAGS = 24;

export function offeredTags<Tag extends { retired?: true | undefined }>(tags: readonly Tag[]): Tag[] {
  return tags.filter(({ retired }) => !retired);
}

export function tagKey({ responseId, tag }: { responseId: string; tag: string }): string {
  return `${responseId} ${tag}`;
}

type Span = { start: number; end: number };

export function highlightKey({ responseId, start, end, tag }: Span & { responseId: string; tag: string }): string {
  return `${responseId} ${start} ${end} ${tag}`;
}
