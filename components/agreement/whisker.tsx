import type { Figure } from '@/lib/schemas/agreement';

/**
 * A value as a dot and its interval as a line, between `low` and `high`, with a mark where nothing but chance would lie.
 * The numbers stand beside it as text.
 */
export function Whisker({
  figure: { value, interval },
  low,
  high,
  chance,
}: {
  figure: Figure;
  low: number;
  high: number;
  chance: number;
}) {
  const at = (number: number) => `${(100 * (Math.min(high, Math.max(low, number)) - low)) / (high - low)}%`;
  return (
    <div aria-hidden="true" dir="ltr" className="relative h-5 w-full min-w-24">
      <div className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <div className="absolute inset-y-0 w-px bg-edge" style={{ left: at(chance) }} />
      {interval ? (
        <div
          className="absolute top-1/2 h-1 -translate-y-1/2 rounded-full bg-accent/45"
          style={{ left: at(interval[0]), right: `calc(100% - ${at(interval[1])})` }}
        />
      ) : null}
      {value === null ? null : (
        <div
          className="absolute top-1/2 size-2.5 -translate-1/2 rounded-full bg-accent ring-2 ring-surface"
          style={{ left: at(value) }}
        />
      )}
    </div>
  );
}
