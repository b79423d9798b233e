/** Formats texts away from the page, so that no key waits for it. */
import type { TextForm } from './text-form';
import { textTree } from './text-tree';

addEventListener('message', ({ data }: MessageEvent<{ text: string; form: TextForm }>) => {
  postMessage(textTree(data.text, data.form));
});
// Its code is here: from now on time counts.
postMessage('ready');
