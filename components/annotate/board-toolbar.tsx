import { Keyboard, Redo2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button';

/** The thin row above the board. `children` (progress, save status) take the room that is left. */
export function BoardToolbar({
  children,
  canUndo,
  canRedo,
  onUndo,
  onRedo,
  onKeys,
}: {
  children: ReactNode;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onKeys: () => void;
}) {
  return (
    <div className="sticky top-0 z-10 border-line border-b bg-paper/95 backdrop-blur-sm">
      <div className="mx-auto flex h-12 max-w-[100rem] items-center gap-1 px-4 sm:px-6">
        <div className="flex min-w-0 flex-1 items-center gap-3 sm:gap-5">{children}</div>
        <IconButton label="Undo" size="sm" disabled={!canUndo} onClick={onUndo}>
          <Undo2 aria-hidden="true" className="size-4" />
        </IconButton>
        <IconButton label="Redo" size="sm" disabled={!canRedo} onClick={onRedo}>
          <Redo2 aria-hidden="true" className="size-4" />
        </IconButton>
        <IconButton label="Keys" size="sm" className="pointer-coarse:hidden" onClick={onKeys}>
          <Keyboard aria-hidden="true" className="size-4" />
        </IconButton>
      </div>
    </div>
  );
}
