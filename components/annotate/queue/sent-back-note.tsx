import { useTranslations } from 'next-intl';
import { Notice } from '@/components/ui/states';
import type { Task } from '@/lib/schemas/annotation';

/** What a reviewer asks about the answer that lies on the board. */
export function SentBackNote({ task: { sentBack } }: { task: Task }) {
  const t = useTranslations('annotate');
  if (!sentBack) return null;
  return (
    <Notice tone="warn" className="mx-4 my-2">
      <p className="font-medium">{t('sentBack')}</p>
      <p dir="auto" className="mt-1 whitespace-pre-line wrap-anywhere">
        {sentBack.note}
      </p>
    </Notice>
  );
}
