/**
 * Contradictions within a record. Those that make it meaningless are refused; the others are resolved and noted. The
 * app's import of snapshots and the trainer both apply these rules.
 */
import { listed, type Message, message } from '../contract/message';
import type { Pair, SnapshotRecord, SnapshotResponse } from '../contract/record';
import { type BetterEdge, findCycle, stronglyConnectedComponents } from './cycles';
import { isBlank, representativeIds } from './response-text';

type Response = Pick<SnapshotResponse, 'id' | 'text' | 'tier'>;
/** The part of a record that can contradict itself. */
export type RecordContent = Pick<SnapshotRecord, 'pairs' | 'target'> & { readonly responses: readonly Response[] };

/** All reasons why a record cannot be used; empty where it can be. */
export function contradictionsOf({ responses, pairs, target }: RecordContent): Message[] {
  const ids = new Map(responses.map(({ id }, i) => [id, i]));
  const reasons = [...twice(responses.map(({ id }) => id))].map((id) => message('responseTwice', { id }));
  const unknownIds = new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]).filter((id) => !ids.has(id)));
  for (const id of unknownIds) reasons.push(message('pairOfStranger', { id }));
  if (typeof target === 'string' && !ids.has(target)) reasons.push(message('targetNotThere', { id: target }));
  if (reasons.length > 0) return reasons;
  const edges = pairs.map(({ chosen, rejected }): BetterEdge => [ids.get(chosen)!, ids.get(rejected)!]);
  const cycle = findCycle(responses.length, edges)?.map((i) => responses[i]!.id);
  if (!cycle) return [];
  const [first, second] = cycle as [string, string];
  if (cycle.length === 1) return [message('pairWithItself', { id: first })];
  if (cycle.length === 2) return [message('pairsOppose', { chosen: first, rejected: second })];
  return [message('pairsInCircle', { circle: [...cycle, first].map((id) => `"${id}"`).join(' > ') })];
}

/**
 * The record with its contradictions resolved, and a note on each: a repeated pair counts once, equal texts are tied
 * and form no pair, and what is unusual but possible is left and noted. Only for a record without `contradictionsOf`. A
 * record that needs no change is returned itself.
 */
export function resolveContradictions<T extends RecordContent>(record: T): { record: T; notes: Message[] } {
  const { responses } = record;
  const notes = responses.filter(({ text }) => isBlank(text)).map(({ id }) => message('responseEmpty', { id }));
  const first = representativeIds(responses);
  const tiers = tiedTiers(responses, first, notes);
  const pairs = withoutEqualSides(merged(record.pairs, notes), responses, first, notes);
  for (const { chosen, rejected } of pairs) {
    const [better, worse] = [tiers.get(chosen), tiers.get(rejected)];
    if (better !== undefined && worse !== undefined && better > worse) {
      notes.push(message('pairAgainstTiers', { chosen, rejected }));
    }
  }
  const tied = responses.map((response) => {
    const tier = tiers.get(response.id);
    return tier === response.tier ? response : { ...response, tier };
  });
  const isUnchanged = pairs.length === record.pairs.length && tied.every((response, i) => response === responses[i]);
  return { record: isUnchanged ? record : { ...record, responses: tied, pairs }, notes };
}

/** Id -> tier. Equal texts get the worst of their tiers, since one of them was judged that low. */
function tiedTiers(responses: readonly Response[], first: ReadonlyMap<string, string>, notes: Message[]) {
  const lowest = new Map<string, { tier: number; id: string }>();
  for (const { id, tier } of responses) {
    const same = first.get(id)!;
    const known = lowest.get(same);
    if (tier === undefined) continue;
    if (known && known.tier !== tier) notes.push(message('equalsInTiers', { id, other: known.id }));
    if (!known || known.tier < tier) lowest.set(same, { tier, id });
  }
  return new Map(
    responses.flatMap(({ id, tier }) => {
      const tied = lowest.get(first.get(id)!)?.tier;
      return tier === undefined || tied === undefined ? [] : [[id, tied] as const];
    }),
  );
}

function merged(pairs: readonly Pair[], notes: Message[]): Pair[] {
  const byName = new Map<string, Pair>();
  const repeated = new Map<string, Message>();
  for (const pair of pairs) {
    const { chosen, rejected } = pair;
    const name = JSON.stringify([chosen, rejected]);
    const known = byName.get(name);
    byName.set(name, known ? together(known, pair) : pair);
    if (known) repeated.set(name, message('pairNamed', { chosen, rejected }));
  }
  if (repeated.size > 0) notes.push(message('pairsMerged', { pairs: listed([...repeated.values()]) }));
  return [...byName.values()];
}

const together = (a: Pair, b: Pair): Pair => ({
  ...a,
  margin: Math.max(a.margin, b.margin),
  support: [...new Set([...a.support, ...b.support])],
  against: [...new Set([...a.against, ...b.against])],
});

/** Without pairs of equal texts, and without those that run in a circle once equal texts count as one. */
function withoutEqualSides(
  pairs: readonly Pair[],
  responses: readonly Response[],
  first: ReadonlyMap<string, string>,
  notes: Message[],
): Pair[] {
  const apart = pairs.filter(({ chosen, rejected }) => {
    if (first.get(chosen) !== first.get(rejected)) return true;
    notes.push(message('pairOfEquals', { chosen, rejected }));
    return false;
  });
  const index = new Map(responses.map(({ id }, i) => [id, i]));
  const textOf = (id: string) => index.get(first.get(id)!)!;
  const component = stronglyConnectedComponents(
    responses.length,
    apart.map(({ chosen, rejected }): BetterEdge => [textOf(chosen), textOf(rejected)]),
  );
  return apart.filter(({ chosen, rejected }) => {
    if (component[textOf(chosen)] !== component[textOf(rejected)]) return true;
    notes.push(message('pairInCircleOfEquals', { chosen, rejected }));
    return false;
  });
}

function twice(ids: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.has(id) || !seen.add(id)));
}
