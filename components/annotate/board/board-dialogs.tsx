import { useState } from 'react';
import { useLoaded, usePreloaded } from '@/components/ui/use-loaded';
import type { SkipReason } from '@/lib/schemas/prompt-mark';
import type { KeyBindings } from '../keys/key-bindings';

export type BoardDialog = 'keys' | 'skip';

// What most prompts never need is not in the way of the first one.
const loadKeys = () => import('../keys/keys-dialog').then(({ KeysDialog }) => KeysDialog);
const loadSkip = () => import('../queue/skip-dialog').then(({ SkipDialog }) => SkipDialog);

/** The board's dialogs, at most one of them open. */
export function BoardDialogs({
  open,
  onOpen,
  onSkip,
  ...keys
}: {
  open: BoardDialog | null;
  onOpen: (dialog: BoardDialog | null) => void;
  onSkip: (reason: SkipReason, note: string) => void;
  tiers: readonly string[];
  bindings: KeyBindings;
  onBindingsChange: (bindings: KeyBindings) => void;
  singleKeys: boolean;
  onSingleKeysChange: (on: boolean) => void;
}) {
  // Kept once opened: a dialog gives the focus back while it closes.
  const [opened, setOpened] = useState({ keys: false, skip: false });
  if (open && !opened[open]) setOpened({ ...opened, [open]: true });
  const KeysDialog = useLoaded(loadKeys, opened.keys);
  const SkipDialog = useLoaded(loadSkip, opened.skip);
  usePreloaded(loadKeys, loadSkip);
  return (
    <>
      {KeysDialog ? (
        <KeysDialog {...keys} isOpen={open === 'keys'} onOpenChange={(isOpen) => onOpen(isOpen ? 'keys' : null)} />
      ) : null}
      {SkipDialog ? (
        <SkipDialog
          isOpen={open === 'skip'}
          onOpenChange={(isOpen) => onOpen(isOpen ? 'skip' : null)}
          onSkip={onSkip}
        />
      ) : null}
    </>
  );
}
