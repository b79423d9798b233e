import { useTranslations } from 'next-intl';
import { Notice } from '@/components/ui/states';
import type { Task } from '@/lib/schemas/annotation';
import { responseLetter } from './board/announcements';

/** Which model wrote which response, where the annotator may know. */
export function ShownSources({ responses }: { responses: Task['responses'] }) {
  const t = useTranslations('annotate');
  if (responses.every(({ sources }) => sources === undefined)) return null;
  return (
    <Notice className="mx-4 my-2">
      {t('whoWrote')}{' '}
      {responses.map(({ id, sources }, at) => (
        <span key={id} className="me-3 inline-block">
          <strong>{responseLetter(at)}</strong> <bdi>{sources?.join(', ')}</bdi>
        </span>
      ))}
    </Notice>
  );
}
