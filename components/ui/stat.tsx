import type { ReactNode } from 'react';
import { classNames } from './class-names';

/** One number with its name; put several in a <dl>-like StatRow. */
export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="-me-px -mb-px min-w-0 border-line border-e border-b px-5 py-4">
      <dt className="text-[0.8125rem] text-soft">{label}</dt>
      <dd className="tabular mt-0.5 font-semibold text-2xl tracking-tight">{value}</dd>
      {note ? <dd className="text-faint text-xs">{note}</dd> : null}
    </div>
  );
}

export function StatRow({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <dl
      className={classNames(
        'grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-surface shadow-card sm:grid-cols-[repeat(auto-fit,minmax(6.75rem,1fr))]',
        className,
      )}
    >
      {children}
    </dl>
  );
}
