/** Tags that a project's models put around their thinking, beside those that are always known; without zod. */
export const MAX_THINKING_TAGS = 10;
export const TAG_NAME = /^[a-z][\w-]{0,30}$/i;

/** The names in a field that holds them, with or without their brackets. */
export function tagNamesIn(field: string): string[] {
  return [...new Set(field.split(/[\s,،、<>/]+/).filter((name) => name !== ''))];
}
