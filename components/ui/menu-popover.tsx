'use client';

import { Check } from 'lucide-react';
import { useLocale } from 'next-intl';
import type { ReactNode, RefObject } from 'react';
import { I18nProvider, MenuItem, Popover, Menu as RacMenu } from 'react-aria-components';
import type { MenuEntry } from './menu-entry';

/** The open menu of a MenuButton; its code is fetched when a menu is first opened. */
export function MenuPopover({
  label,
  entries,
  header,
  placement,
  triggerRef,
  onClose,
}: {
  label: string;
  entries: MenuEntry[];
  header?: ReactNode;
  placement: 'bottom end' | 'bottom start';
  triggerRef: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}) {
  const checks = entries.some((entry) => entry.checked !== undefined);
  return (
    <I18nProvider locale={useLocale()}>
      <Popover
        triggerRef={triggerRef}
        isOpen
        onOpenChange={(isOpen) => {
          if (!isOpen) onClose();
        }}
        placement={placement}
        className="min-w-48 animate-[ui-rise_120ms_ease-out] rounded-lg border border-line bg-surface p-1 shadow-raised"
      >
        {header}
        <RacMenu
          aria-label={label}
          autoFocus="first"
          onClose={onClose}
          className="outline-none"
          selectionMode={checks ? 'multiple' : 'none'}
          selectedKeys={entries.filter((entry) => entry.checked).map((entry) => entry.id)}
        >
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
              {entry.checked ? <Check aria-hidden="true" className="size-4 text-accent" /> : null}
              {entry.note ? (
                <span aria-hidden="true" className="text-faint text-xs">
                  {entry.note}
                </span>
              ) : null}
            </MenuItem>
          ))}
        </RacMenu>
      </Popover>
    </I18nProvider>
  );
}
