/** "Better than" between items that are numbered from 0, and where it runs in a circle. Time grows with items and edges. */
export type Edge = readonly [better: number, worse: number];

/** The component of every item: two share one when each is, through some chain, better than the other (Kosaraju). */
export function circleComponents(count: number, edges: readonly Edge[]): number[] {
  const forward = neighbours(count, edges);
  const backward = neighbours(
    count,
    edges.map(([better, worse]) => [worse, better]),
  );
  const component = new Array<number>(count).fill(-1);
  let components = 0;
  for (const root of finished(forward).reverse()) {
    if (component[root] !== -1) continue;
    const waiting = [root];
    component[root] = components;
    while (waiting.length > 0) {
      for (const next of backward[waiting.pop()!]!) {
        if (component[next] !== -1) continue;
        component[next] = components;
        waiting.push(next);
      }
    }
    components++;
  }
  return component;
}

/** One circle, each item better than the next and the last better than the first; null where there is none. */
export function findCircle(count: number, edges: readonly Edge[]): number[] | null {
  const component = circleComponents(count, edges);
  const inside = edges.filter(([better, worse]) => component[better] === component[worse]);
  if (inside.length === 0) return null;
  const next = new Map(inside);
  const walk = new Map<number, number>();
  let at = inside[0]![0];
  while (!walk.has(at)) {
    walk.set(at, walk.size);
    at = next.get(at)!;
  }
  return [...walk.keys()].slice(walk.get(at));
}

function neighbours(count: number, edges: readonly Edge[]): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of edges) lists[from]!.push(to);
  return lists;
}

/** Every item, those first whose search ended first. */
function finished(lists: readonly (readonly number[])[]): number[] {
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
