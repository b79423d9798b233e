/** How a project's texts are rendered: detected for each text, all as Markdown, or all as plain text. */
export const textFormats = ['auto', 'markdown', 'plain'] as const;
export type TextFormat = (typeof textFormats)[number];
