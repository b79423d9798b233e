import type { ReactNode } from 'react';

/** The board as the whole window: what else a page has around it is hidden meanwhile (board.css). */
export function FullScreen({ children }: { children: ReactNode }) {
  return (
    <div data-full-screen className="flex h-dvh flex-col overflow-hidden">
      {children}
    </div>
  );
}
