/** Runs in a page: which part of a stored text a selection there covers, and where a part of it is drawn. */
import { drawHighlights, selectedPassage } from '../../components/annotate/remarks/passages';
import { asWritten } from '../../components/content/self-names';

const doors = {
  /** Selects from one place to another, each the nth child of an element and an offset in it. */
  selected(written: string, from: [selector: string, offset: number], to: [selector: string, offset: number]) {
    const textAt = (selector: string) => document.querySelector(selector)!.firstChild!;
    getSelection()!.setBaseAndExtent(textAt(from[0]), from[1], textAt(to[0]), to[1]);
    const passage = selectedPassage(document.body, new Map([['r', asWritten(written)]]));
    return passage && written.slice(passage.start, passage.end);
  },
  drawn(written: string, start: number, end: number) {
    const mark = { responseId: 'r', start, end, tag: 'wrong' };
    const tags = [{ id: 'wrong', name: 'Wrong', color: 'red' as const }];
    drawHighlights(document.body, [mark], tags, new Map([['r', asWritten(written)]]));
    return [...(CSS.highlights.get('mark-red') ?? [])].map(String);
  },
};

export type Doors = typeof doors;
Object.assign(globalThis, { doors });
