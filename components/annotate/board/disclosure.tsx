import type { ReactNode } from 'react';

/** A title that opens and closes what stands below it. Without `isOpen` it keeps its own state. */
export function Disclosure({
  title,
  note,
  isOpen,
  onToggle,
  children,
}: {
  title: string;
  note?: string;
  isOpen?: boolean;
  onToggle?: (isOpen: boolean) => void;
  children: ReactNode;
}) {
  return (
    <details
      className="group border-line border-b last:border-b-0"
      open={isOpen}
      onToggle={onToggle ? (event) => onToggle(event.currentTarget.open) : undefined}
    >
      <summary className="flex list-none items-center gap-2.5 px-3.5 py-2.5 font-medium text-sm -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <span
          aria-hidden="true"
          className="size-1.5 shrink-0 rotate-45 rtl:-rotate-45 border-faint border-t-2 border-e-2 transition-transform group-open:rotate-135 rtl:group-open:-rotate-135"
        />
        <span dir="auto" className="min-w-0 flex-1 wrap-anywhere">
          {title}
        </span>
        {note ? <span className="shrink-0 font-normal text-warn text-xs">{note}</span> : null}
      </summary>
      <div className="px-3.5 pb-3.5">{children}</div>
    </details>
  );
}
