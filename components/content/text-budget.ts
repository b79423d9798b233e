import { longestWord } from './text-width';

/**
 * How much formatting a page can draw while it answers keys. Beyond any of these a text is shown as it was written.
 */
const MOST = {
  /** Elements and texts of a whole text, and of one block of it: blocks that are out of sight are not laid out. */
  nodes: 30_000,
  nodesOfBlock: 8000,
  depth: 100,
  /** Characters in one paragraph, and in one word of it. */
  paragraph: 20_000,
  word: 2000,
  /** Characters of all addresses and titles. */
  attributes: 400_000,
};

type Node = {
  type: string;
  tagName?: string;
  value?: string;
  identifier?: string;
  url?: string;
  title?: string | null;
  properties?: Record<string, unknown>;
  children?: Node[];
};

/** Whether Markdown stays small as HTML, where rows are filled up and references carry their address each. */
export function markdownFits(root: Node): boolean {
  let cells = 0;
  let references = 0;
  let longest = 0;
  const fits = everyNode(root, (node) => {
    if (node.type === 'table') cells += (node.children?.length ?? 0) * (node.children?.[0]?.children?.length ?? 0);
    if (node.type === 'linkReference' || node.type === 'imageReference') references++;
    if (node.type === 'definition') longest = Math.max(longest, (node.url ?? '').length + (node.title ?? '').length);
    return true;
  });
  return fits && cells <= MOST.nodesOfBlock && references * longest <= MOST.attributes;
}

/** Whether a tree is small enough to draw. */
export function treeFits(root: Node): boolean {
  let nodes = 0;
  let attributes = 0;
  return (root.children ?? []).every((block) => {
    let ofBlock = 0;
    const fits = everyNode(block, (node, inCode) => {
      ofBlock++;
      for (const value of Object.values(node.properties ?? {})) attributes += String(value).length;
      return node.type !== 'text' || inCode || textFits(node.value ?? '');
    });
    nodes += ofBlock;
    return fits && ofBlock <= MOST.nodesOfBlock && nodes <= MOST.nodes && attributes <= MOST.attributes;
  });
}

function textFits(text: string): boolean {
  if (text.length <= MOST.word) return true;
  return text.length <= MOST.paragraph && longestWord(text) <= MOST.word;
}

/** Whether a tree is drawn without being felt. */
export function isSmall(root: Node): boolean {
  let nodes = 0;
  return everyNode(root, () => ++nodes <= 600);
}

/** A node and all in it. */
export function nodesIn(node: Node): number {
  let nodes = 0;
  everyNode(node, () => ++nodes > 0);
  return nodes;
}

/** Depth is bounded as well; lines in code are not broken, so their length costs nothing. */
function everyNode(root: Node, holds: (node: Node, inCode: boolean) => boolean): boolean {
  const waiting = [{ node: root, depth: 0, inCode: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next;
    const inCode = next.inCode || node.tagName === 'pre';
    if (depth > MOST.depth || !holds(node, inCode)) return false;
    for (const child of node.children ?? []) waiting.push({ node: child, depth: depth + 1, inCode });
  }
  return true;
}
