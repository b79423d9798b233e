import { useTranslations } from 'next-intl';
import { responseLetter } from '@/components/annotate/board/announcements';
import type { Answer } from '@/lib/schemas/decision';

/** What an answer's author is called: a letter until the prompt is decided; one's own answer is always known. */
export function useAnswerNames(): (answer: Answer, index: number) => string {
  const t = useTranslations('adjudicate');
  return ({ annotator, mine }, index) => {
    const name = annotator?.name ?? t('annotatorLetter', { letter: responseLetter(index) });
    if (mine) return t('yours', { name });
    return annotator?.kind === 'model' ? t('aModel', { name }) : name;
  };
}
