import type { ReactNode } from 'react';

export type MenuEntry = {
  id: string;
  label: string;
  icon?: ReactNode;
  /** A key or short note on the right; it is not part of the accessible name. */
  note?: ReactNode;
  /** Whether the entry is on, in a menu of toggles: a press or Space keeps the menu open, Enter closes it. */
  checked?: boolean;
  onSelect: () => void;
};
