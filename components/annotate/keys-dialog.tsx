'use client';

import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Checkbox } from '@/components/ui/field';

const rows = (tiers: readonly string[]): [string[], string][] => [
  ...tiers.map((tier, index): [string[], string] => [[String(index + 1)], `Place in ${tier}`]),
  [['0'], 'Take the placement away'],
  [['C'], 'Can’t judge this response'],
  [['X'], 'All are bad, on and off'],
  [['↑', '↓', 'Home', 'End'], 'Go to another response'],
  [['Space'], 'Show all of a long response'],
  [['U'], 'Undo'],
  [['R'], 'Redo'],
  [['Enter'], 'Save and go on'],
  [['?'], 'Show these keys'],
];

/** Every key of the board, and the switch that turns single keys off (WCAG 2.1.4). */
export function KeysDialog({
  tiers,
  isOpen,
  onOpenChange,
  singleKeys,
  onSingleKeysChange,
}: {
  tiers: readonly string[];
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  singleKeys: boolean;
  onSingleKeysChange: (on: boolean) => void;
}) {
  return (
    <Dialog
      title="Keys"
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      actions={
        <Button variant="primary" onClick={() => onOpenChange(false)}>
          Done
        </Button>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-sm">
        {rows(tiers).map(([keys, text]) => (
          <div key={text} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-sm border border-edge/60 bg-paper px-1.5 py-0.5 text-center font-sans text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Checkbox
        className="mt-5 border-line border-t pt-4"
        label="Keys work everywhere on the page"
        hint="Off: only while a response has the focus. Turn off if your keyboard or speech software triggers them by accident."
        checked={singleKeys}
        onChange={(event) => onSingleKeysChange(event.target.checked)}
      />
    </Dialog>
  );
}
