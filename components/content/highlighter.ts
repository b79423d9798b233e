import { common, createLowlight } from 'lowlight';

/** Colours code in some forty languages; large, so fetched when a text has code that names one. */
export const highlighter = createLowlight(common);
