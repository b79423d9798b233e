/**
 * Strict preferences over n items as an n x n matrix: `relation[better][worse]` is true. n is a prompt's number of
 * responses, at most a dozen, so that a cubic algorithm is fast enough.
 */
export type Relation = boolean[][];

export interface Edge {
  better: number;
  worse: number;
}

export function relationOf(n: number, edges: Iterable<Edge>): Relation {
  const relation: Relation = Array.from({ length: n }, () => new Array<boolean>(n).fill(false));
  for (const { better, worse } of edges) {
    const row = relation[better];
    if (!row || worse < 0 || worse >= n) throw new RangeError(`no item ${row ? worse : better} among ${n}`);
    row[worse] = true;
  }
  return relation;
}

export function edgesOf(relation: Relation): Edge[] {
  return relation.flatMap((row, better) => row.flatMap((isBetter, worse) => (isBetter ? [{ better, worse }] : [])));
}

/** The transitive closure (Warshall's algorithm). The argument is not modified. */
export function transitiveClosure(relation: Relation): Relation {
  const closed = relation.map((row) => [...row]);
  for (let via = 0; via < closed.length; via++) {
    const onward = closed[via]!;
    for (const row of closed) {
      if (row[via]) for (let worse = 0; worse < onward.length; worse++) row[worse] ||= onward[worse]!;
    }
  }
  return closed;
}

/** Whether no item is better than itself through any chain. */
export function isAcyclic(relation: Relation): boolean {
  return transitiveClosure(relation).every((row, i) => !row[i]);
}

/**
 * The number of every item's strongly connected component: two items share one when each is better than the other
 * through some chain. Components are numbered in the order of their first items.
 */
export function stronglyConnectedComponents(relation: Relation): number[] {
  const closed = transitiveClosure(relation);
  const component: number[] = [];
  let count = 0;
  for (let i = 0; i < closed.length; i++) {
    let peer = 0;
    while (peer < i && !(closed[i]![peer] && closed[peer]![i])) peer++;
    component.push(peer < i ? component[peer]! : count++);
  }
  return component;
}

/** The length of the longest chain above every item, 0 for the best ones. @throws Error for a relation with a cycle */
export function topologicalLevels(relation: Relation): number[] {
  if (!isAcyclic(relation)) throw new Error('a cycle has no levels');
  const levels = new Array<number>(relation.length).fill(0);
  // n rounds are enough, since no chain is longer than n.
  for (let round = 0; round < relation.length; round++) {
    for (const { better, worse } of edgesOf(relation)) levels[worse] = Math.max(levels[worse]!, levels[better]! + 1);
  }
  return levels;
}
