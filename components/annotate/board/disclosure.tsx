import { type ReactNode, useId } from 'react';

/**
 * A title that opens and closes what stands below it. Without `isOpen` it keeps its own state. `noteDetail` says more
 * about the note: to a pointer that rests on it, and as the title's description.
 */
export function Disclosure({
  title,
  note,
  noteDetail,
  isOpen,
  onToggle,
  children,
}: {
  title: string;
  note?: string;
  noteDetail?: string;
  isOpen?: boolean;
  onToggle?: (isOpen: boolean) => void;
  children: ReactNode;
}) {
  const detailId = useId();
  return (
    <details
      className="group border-line border-b last:border-b-0"
      open={isOpen}
      onToggle={onToggle ? (event) => onToggle(event.currentTarget.open) : undefined}
    >
      <summary
        aria-describedby={noteDetail ? detailId : undefined}
        className="flex scroll-mt-14 list-none items-center gap-2.5 px-3.5 py-2.5 font-medium text-sm -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden"
      >
        <span
          aria-hidden="true"
          className="size-1.5 shrink-0 rotate-45 rtl:-rotate-45 border-faint border-t-2 border-e-2 transition-transform group-open:rotate-135 rtl:group-open:-rotate-135"
        />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block wrap-anywhere">
            {title}
          </span>
          {note ? (
            <span title={noteDetail} className="block font-normal text-warn text-xs">
              {note}
            </span>
          ) : null}
        </span>
        {noteDetail ? (
          <span id={detailId} hidden>
            {noteDetail}
          </span>
        ) : null}
      </summary>
      <div className="px-3.5 pb-3.5">{children}</div>
    </details>
  );
}
