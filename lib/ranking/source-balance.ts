import type { Pair, SnapshotRecord } from '@/trainer/contract/record';
import { draw } from './selection';

/**
 * Leaves pairs out so that of two sources neither wins more than `winsPerLoss` times as often as it loses to the other:
 * a model cannot learn then that whatever one of them writes is better. Which pairs stay is drawn by the seed, exactly so many; pairs within one
 * source all stay. Every pair is shown to `count` first, then `settle` is called, then `select` chooses.
 */
export class SourceBalance {
  /** The draws of the pairs that a source wins against another. */
  readonly #draws = new Map<string, number[]>();
  /** The lowest draw that is left out. */
  readonly #limits = new Map<string, number>();

  constructor(
    private readonly seed: number,
    private readonly winsPerLoss: number,
  ) {}

  count(record: SnapshotRecord): void {
    for (const { key, drawn } of this.#crossing(record)) {
      const draws = this.#draws.get(key) ?? [];
      draws.push(drawn);
      this.#draws.set(key, draws);
    }
  }

  settle(): void {
    for (const [key, draws] of this.#draws) {
      const [winner, loser] = JSON.parse(key) as [string, string];
      const kept = this.winsPerLoss * (this.#draws.get(sidesKey(loser, winner))?.length ?? 0);
      if (kept < draws.length) this.#limits.set(key, Float64Array.from(draws).sort()[kept]!);
    }
    this.#draws.clear();
  }

  select(record: SnapshotRecord): Pair[] {
    const leftOut = new Set<Pair>();
    for (const { pair, key, drawn } of this.#crossing(record)) {
      if (drawn >= (this.#limits.get(key) ?? 1)) leftOut.add(pair);
    }
    return record.pairs.filter((pair) => !leftOut.has(pair));
  }

  *#crossing({ id, responses, pairs }: SnapshotRecord) {
    const sources = new Map(responses.map((response) => [response.id, response.source]));
    for (const pair of pairs) {
      const [winner, loser] = [sources.get(pair.chosen)!, sources.get(pair.rejected)!];
      if (winner === loser) continue;
      const drawn = draw([this.seed, 'balance', id, pair.chosen, pair.rejected]);
      yield { pair, key: sidesKey(winner, loser), drawn };
    }
  }
}

const sidesKey = (winner: string, loser: string): string => JSON.stringify([winner, loser]);
