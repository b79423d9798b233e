'use client';

import { type ReactElement, type ReactNode, useRef, useState } from 'react';
import { classNames } from './class-names';
import type { MenuEntry } from './menu-entry';
import { useLoaded, usePreloaded } from './use-loaded';

const loadPopover = () => import('./menu-popover').then(({ MenuPopover }) => MenuPopover);

/** A button that opens a menu. `label` names both. A closed menu costs no more than a button. */
export function MenuButton({
  label,
  children,
  entries,
  className,
  placement = 'bottom end',
  header,
}: {
  label: string;
  children: ReactNode;
  /** The entries, or a function that returns them when the menu opens. */
  entries: MenuEntry[] | (() => MenuEntry[]);
  className?: string;
  placement?: 'bottom end' | 'bottom start';
  header?: ReactNode;
}): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const Popover = useLoaded(loadPopover, isOpen);
  usePreloaded(loadPopover);
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen((open) => !open)}
        onKeyDown={(event) => {
          // The click that Enter and Space cause is ignored: react-aria takes it for a screen reader's click and
          // focuses the menu instead of its first entry.
          if (!['ArrowDown', 'ArrowUp', 'Enter', ' '].includes(event.key)) return;
          event.preventDefault();
          setOpen(true);
        }}
        className={classNames(
          'inline-flex cursor-pointer items-center justify-center gap-1.5 rounded-md text-soft transition-colors hover:bg-hover hover:text-ink aria-expanded:bg-hover',
          className,
        )}
      >
        {children}
      </button>
      {Popover ? (
        <Popover
          label={label}
          entries={typeof entries === 'function' ? entries() : entries}
          header={header}
          placement={placement}
          triggerRef={trigger}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
