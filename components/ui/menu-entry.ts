import type { ReactNode } from 'react';

export type MenuEntry = {
  id: string;
  label: string;
  icon?: ReactNode;
  /** A key or short note at the right; not part of the accessible name. */
  note?: ReactNode;
  /** Makes the menu one of things that are on or off: a press or Space leaves it open, Enter closes it. */
  checked?: boolean;
  onSelect: () => void;
};
