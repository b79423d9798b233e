/** Formats texts away from the page, so that no key waits for it: first a text's tree, then the colours of its code. */
import type { Root, RootContent } from 'hast';
import { colouredBlocks, namesLanguage } from './code-colours';
import type { TextForm } from './text-form';
import { textTree } from './text-tree';

/** `coloured`: blocks to put in place of those of the tree before. */
export type FromTextWorker =
  | 'ready'
  | { tree: Root | null; isLast: boolean }
  | { coloured: [place: number, block: RootContent][] };

/** How long a text waits for what colours code, in milliseconds; it is there for the next one. */
const PATIENCE = 1000;

const say = (message: FromTextWorker) => postMessage(message);

addEventListener('message', async ({ data }: MessageEvent<{ text: string; form: TextForm }>) => {
  const tree = textTree(data.text, data.form);
  const isLast = !tree || !namesLanguage(tree);
  say({ tree, isLast });
  if (isLast) return;
  const highlighter = await withinPatience(
    import('./highlighter').then(
      (loaded) => loaded.highlighter,
      () => null,
    ),
  );
  say({ coloured: highlighter ? colouredBlocks(tree, highlighter) : [] });
});
// Its code is here: from now on time counts.
say('ready');

function withinPatience<T>(promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE))]);
}
