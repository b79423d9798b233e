/** The relation "better than" between items numbered from 0, and its cycles. Time is linear in items and edges. */
export type BetterEdge = readonly [better: number, worse: number];

/**
 * The strongly connected component of every item (Kosaraju): two items share one when each is, through some chain,
 * better than the other.
 */
export function stronglyConnectedComponents(count: number, edges: readonly BetterEdge[]): number[] {
  const forward = adjacency(count, edges);
  const backward = adjacency(
    count,
    edges.map(([better, worse]) => [worse, better]),
  );
  const component = new Array<number>(count).fill(-1);
  let components = 0;
  for (const root of postOrder(forward).reverse()) {
    if (component[root] !== -1) continue;
    const stack = [root];
    component[root] = components;
    while (stack.length > 0) {
      for (const next of backward[stack.pop()!]!) {
        if (component[next] !== -1) continue;
        component[next] = components;
        stack.push(next);
      }
    }
    components++;
  }
  return component;
}

/**
 * One cycle, in which each item is better than the next and the last better than the first; null where there is none.
 */
export function findCycle(count: number, edges: readonly BetterEdge[]): number[] | null {
  const component = stronglyConnectedComponents(count, edges);
  const inside = edges.filter(([better, worse]) => component[better] === component[worse]);
  if (inside.length === 0) return null;
  const next = new Map(inside);
  const walk = new Map<number, number>();
  let item = inside[0]![0];
  while (!walk.has(item)) {
    walk.set(item, walk.size);
    item = next.get(item)!;
  }
  return [...walk.keys()].slice(walk.get(item));
}

function adjacency(count: number, edges: readonly BetterEdge[]): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) lists[from]!.push(to);
  return lists;
}

/** All items in depth-first post-order. */
function postOrder(lists: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const seen = new Array<boolean>(lists.length).fill(false);
  for (let root = 0; root < lists.length; root++) {
    if (seen[root]) continue;
    seen[root] = true;
    const path = [{ item: root, tried: 0 }];
    while (path.length > 0) {
      const top = path.at(-1)!;
      const next = lists[top.item]![top.tried++];
      if (next === undefined) order.push(path.pop()!.item);
      else if (!seen[next]) {
        seen[next] = true;
        path.push({ item: next, tried: 0 });
      }
    }
  }
  return order;
}
