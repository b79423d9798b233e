'use client';

import type { ReactElement, ReactNode } from 'react';
import { MenuItem, MenuTrigger, Popover, Button as RacButton, Menu as RacMenu } from 'react-aria-components';
import { classNames } from './class-names';

export type MenuEntry = {
  id: string;
  label: string;
  icon?: ReactNode;
  /** A key or short note at the right; not part of the accessible name. */
  note?: ReactNode;
  onSelect: () => void;
};

/** A button that opens a menu. `label` names both. */
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
  entries: MenuEntry[];
  className?: string;
  placement?: 'bottom end' | 'bottom start';
  header?: ReactNode;
}): ReactElement {
  return (
    <MenuTrigger>
      <RacButton
        aria-label={label}
        className={classNames(
          'inline-flex cursor-pointer items-center justify-center gap-1.5 rounded-md text-soft transition-colors data-hovered:bg-hover data-pressed:bg-hover data-hovered:text-ink',
          className,
        )}
      >
        {children}
      </RacButton>
      <Popover
        placement={placement}
        className="min-w-48 animate-[ui-rise_120ms_ease-out] rounded-lg border border-line bg-surface p-1 shadow-raised"
      >
        {header}
        <RacMenu aria-label={label} className="outline-none">
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              onAction={entry.onSelect}
              className="flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-2 text-sm outline-none data-focused:bg-hover"
            >
              {entry.icon}
              <span className="flex-1">{entry.label}</span>
              {entry.note ? (
                <span aria-hidden="true" className="text-faint text-xs">
                  {entry.note}
                </span>
              ) : null}
            </MenuItem>
          ))}
        </RacMenu>
      </Popover>
    </MenuTrigger>
  );
}
