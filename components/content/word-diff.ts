/**
 * Which words two texts do not share: Myers' shortest edit script over words in linear space, bounded in time.
 * Pure. Joining the parts of a side gives its text back, character for character.
 */
export type DiffPart = { text: string; changed: boolean };
export type WordDiff = { left: DiffPart[]; right: DiffPart[] };

/** Beyond this many edits within one stretch the script may be longer than the shortest: it is cut where it stands. */
const EFFORT = 400;

/** Words with the white space behind them; signs and characters of scripts without spaces stand alone. */
const TOKEN =
  /(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_'’]+|[^\s\p{L}\p{N}]|^)\s*/gu;

export function diffWords(left: string, right: string): WordDiff {
  const a = left.match(TOKEN)?.filter((token) => token !== '') ?? [];
  const b = right.match(TOKEN)?.filter((token) => token !== '') ?? [];
  const ids = new Map<string, number>();
  const number = (token: string) => {
    const word = token.trim();
    const id = ids.get(word) ?? ids.size;
    ids.set(word, id);
    return id;
  };
  const runs = calm(equalRuns(Int32Array.from(a, number), Int32Array.from(b, number)));
  return { left: parts(a, runs, 'a'), right: parts(b, runs, 'b') };
}

/** `length` words from `a` on in one text are those from `b` on in the other. */
export type EqualRun = { a: number; b: number; length: number };

/** The runs of a (nearly) longest common subsequence, in order. */
export function equalRuns(a: Int32Array, b: Int32Array, effort = EFFORT): EqualRun[] {
  const runs: EqualRun[] = [];
  const add = (at: number, other: number, length: number) => {
    const last = runs.at(-1);
    if (last && last.a + last.length === at && last.b + last.length === other) last.length += length;
    else if (length > 0) runs.push({ a: at, b: other, length });
  };
  const reach = { forward: new Int32Array(a.length + b.length + 3), backward: new Int32Array(a.length + b.length + 3) };
  // Boxes still to do, the next one last; a box without room is a run that waits for its turn.
  const stack: Box[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  for (let box = stack.pop(); box; box = stack.pop()) {
    let { aFrom, aTo, bFrom, bTo } = box;
    if (box.run) {
      add(aFrom, bFrom, aTo - aFrom);
      continue;
    }
    const start = aFrom;
    while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) {
      aFrom++;
      bFrom++;
    }
    add(start, bFrom - (aFrom - start), aFrom - start);
    let tail = 0;
    while (aTo - tail > aFrom && bTo - tail > bFrom && a[aTo - tail - 1] === b[bTo - tail - 1]) tail++;
    if (tail > 0) stack.push({ aFrom: aTo - tail, aTo, bFrom: bTo - tail, bTo, run: true });
    aTo -= tail;
    bTo -= tail;
    if (aFrom === aTo || bFrom === bTo) continue;
    const [x, y] = middle(a, b, { aFrom, aTo, bFrom, bTo }, reach, effort);
    // Nothing shared within: the box stays changed.
    if ((x === aFrom && y === bFrom) || (x === aTo && y === bTo)) continue;
    stack.push({ aFrom: x, aTo, bFrom: y, bTo }, { aFrom, aTo: x, bFrom, bTo: y });
  }
  return runs;
}

type Box = { aFrom: number; aTo: number; bFrom: number; bTo: number; run?: true };

/**
 * A point on a shortest path through the box, found where the furthest paths from both corners meet. Paths are kept
 * by diagonal (x - y), shifted so that the smallest one has a place in the array.
 */
function middle(
  a: Int32Array,
  b: Int32Array,
  { aFrom, aTo, bFrom, bTo }: Box,
  { forward, backward }: { forward: Int32Array; backward: Int32Array },
  effort: number,
): [number, number] {
  const lowest = aFrom - bTo;
  const highest = aTo - bFrom;
  const shift = 1 - lowest;
  const start = aFrom - bFrom;
  const end = aTo - bTo;
  const odd = (start - end) % 2 !== 0;
  let [fLow, fHigh, bLow, bHigh] = [start, start, end, end];
  forward[start + shift] = aFrom;
  backward[end + shift] = aTo;
  for (let edits = 1; ; edits++) {
    if (fLow > lowest) forward[--fLow - 1 + shift] = -1;
    else fLow++;
    if (fHigh < highest) forward[++fHigh + 1 + shift] = -1;
    else fHigh--;
    for (let d = fHigh; d >= fLow; d -= 2) {
      const down = forward[d + 1 + shift]!;
      const along = forward[d - 1 + shift]!;
      let x = along >= down ? along + 1 : down;
      while (x < aTo && x - d < bTo && a[x] === b[x - d]) x++;
      forward[d + shift] = x;
      if (odd && d >= bLow && d <= bHigh && backward[d + shift]! <= x) return [x, x - d];
    }
    if (bLow > lowest) backward[--bLow - 1 + shift] = 0x7fffffff;
    else bLow++;
    if (bHigh < highest) backward[++bHigh + 1 + shift] = 0x7fffffff;
    else bHigh--;
    for (let d = bHigh; d >= bLow; d -= 2) {
      const up = backward[d - 1 + shift]!;
      const back = backward[d + 1 + shift]!;
      let x = up < back ? up : back - 1;
      while (x > aFrom && x - d > bFrom && a[x - 1] === b[x - d - 1]) x--;
      backward[d + shift] = x;
      if (!odd && d >= fLow && d <= fHigh && x <= forward[d + shift]!) return [x, x - d];
    }
    if (edits >= effort) return furthest(forward, shift, fLow, fHigh, aTo, bTo);
  }
}

/** Where the search gave up: the point that has come furthest. */
function furthest(forward: Int32Array, shift: number, low: number, high: number, aTo: number, bTo: number) {
  let best: [number, number] = [0, 0];
  for (let d = high; d >= low; d -= 2) {
    const x = Math.min(forward[d + shift]!, aTo, bTo + d);
    if (x + x - d > best[0] + best[1]) best = [x, x - d];
  }
  return best;
}

/** A word or two shared by chance between two rewritten passages only distract: they count as rewritten. */
function calm(runs: readonly EqualRun[]): EqualRun[] {
  return runs.filter((run, i) => {
    const before = runs[i - 1];
    const after = runs[i + 1];
    if (run.length > 2 || !before || !after) return true;
    const gapBefore = Math.max(run.a - before.a - before.length, run.b - before.b - before.length);
    const gapAfter = Math.max(after.a - run.a - run.length, after.b - run.b - run.length);
    return gapBefore < 3 || gapAfter < 3;
  });
}

function parts(tokens: readonly string[], runs: readonly EqualRun[], side: 'a' | 'b'): DiffPart[] {
  const out: DiffPart[] = [];
  let at = 0;
  const add = (to: number, changed: boolean) => {
    if (to > at) out.push({ text: tokens.slice(at, to).join(''), changed });
    at = Math.max(at, to);
  };
  for (const run of runs) {
    add(run[side], true);
    add(run[side] + run.length, false);
  }
  add(tokens.length, true);
  return out;
}
