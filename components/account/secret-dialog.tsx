import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { CopyField } from './copy-field';

/** Shows once what nobody can look up again, so it closes by its button alone. */
export function SecretDialog({
  title,
  done,
  onClose,
  ...secret
}: {
  title: string;
  /** The button's words. */
  done: string;
  onClose: () => void;
} & Parameters<typeof CopyField>[0]) {
  return (
    <Dialog
      title={title}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      dismissable={false}
      actions={
        <Button variant="primary" onClick={onClose}>
          {done}
        </Button>
      }
    >
      <CopyField {...secret} />
    </Dialog>
  );
}
