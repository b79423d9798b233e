/** How a project's texts are drawn: decided for each text, all as Markdown, or all as they were written. */
export const textFormats = ['auto', 'markdown', 'plain'] as const;
export type TextFormat = (typeof textFormats)[number];
