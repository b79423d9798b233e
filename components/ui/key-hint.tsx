import { classNames } from './class-names';

/** A key on a button; not part of its name. */
export function KeyHint({ children, className }: { children: string; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames('rounded-sm border border-line bg-paper px-1 text-[0.6875rem] text-faint', className)}
    >
      {children}
    </span>
  );
}
