'use client';

import { useLocale } from 'next-intl';
import type { ReactNode } from 'react';
import { I18nProvider, Tabs as RacTabs, Tab, TabList, TabPanel } from 'react-aria-components';

export type TabItem = { id: string; label: ReactNode; content: ReactNode };

/** Tabs within a page. `selected` and `onSelect` make them controlled; without, the first is open. */
export function Tabs({
  label,
  items,
  selected,
  onSelect,
}: {
  label: string;
  items: TabItem[];
  selected?: string;
  onSelect?: (id: string) => void;
}) {
  return (
    <I18nProvider locale={useLocale()}>
      <RacTabs selectedKey={selected} onSelectionChange={onSelect ? (key) => onSelect(String(key)) : undefined}>
        <TabList aria-label={label} className="flex gap-1 overflow-x-auto border-line border-b">
          {items.map((item) => (
            <Tab
              key={item.id}
              id={item.id}
              className="-mb-px cursor-pointer whitespace-nowrap border-transparent border-b-2 px-3 py-2 font-medium text-sm text-soft data-selected:border-accent data-hovered:text-ink data-selected:text-ink"
            >
              {item.label}
            </Tab>
          ))}
        </TabList>
        {items.map((item) => (
          <TabPanel key={item.id} id={item.id} className="pt-5">
            {item.content}
          </TabPanel>
        ))}
      </RacTabs>
    </I18nProvider>
  );
}
