'use client';

import { useTranslations } from 'next-intl';
import { ResponseExcerpt } from '@/components/content/excerpt';
import { useApi } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState, LoadingState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { TierBadge } from '@/components/ui/tier';
import type { GoldFeedback } from '@/lib/schemas/gold';
import { responseLetter } from '../board/announcements';
import { useShownResponses } from '../board/use-shown-responses';
import { goldWords } from './gold-words';

/** One's own tiers beside the expected ones. */
export function GoldDialog({
  projectId,
  promptId,
  tiers,
  onDone,
}: {
  projectId: string;
  promptId: string;
  tiers: string[];
  onDone: () => void;
}) {
  const t = useTranslations('annotate');
  const { data, error, isFetchedAfterMount, refetch } = useApi<GoldFeedback>(
    `/projects/${projectId}/gold/${promptId}`,
    {
      fresh: true,
    },
  );
  const feedback = isFetchedAfterMount ? data : undefined;
  return (
    <Dialog
      title={feedback ? t('practiceExternalid', { externalId: feedback.externalId }) : t('practice')}
      size="lg"
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onDone();
      }}
      actions={
        <Button variant="primary" autoFocus onClick={onDone}>
          {t('goOn')}
        </Button>
      }
    >
      {error && !feedback ? (
        <ErrorState error={error} title={t('expectedAnswerCouldNot')} onRetry={() => refetch()} />
      ) : feedback ? (
        <Feedback projectId={projectId} feedback={feedback} tiers={tiers} />
      ) : (
        <LoadingState label={t('loadingTheExpectedAnswer')} />
      )}
    </Dialog>
  );
}

function Feedback({ projectId, feedback, tiers }: { projectId: string; feedback: GoldFeedback; tiers: string[] }) {
  const t = useTranslations('annotate');
  const { pairs, explanation } = feedback;
  const { responses } = useShownResponses(projectId, feedback.responses);
  const letters = new Map(responses.map(({ id }, index) => [id, responseLetter(index)]));
  const differing = pairs.filter(({ verdict }) => verdict !== 'agreed');
  const tier = (index: number | null) =>
    index === null ? <span className="text-faint">{t('notPlaced')}</span> : <TierBadge index={index} tiers={tiers} />;
  return (
    <div className="grid gap-4 text-sm">
      <p>{goldWords(feedback, t)}</p>
      {explanation ? (
        <p dir="auto" className="whitespace-pre-wrap rounded-md bg-sunken px-3.5 py-2.5 wrap-anywhere">
          {explanation}
        </p>
      ) : null}
      <Table caption={t('tiersExpectedOnes')}>
        <thead>
          <tr>
            <Th>{t('response')}</Th>
            <Th>{t('yours')}</Th>
            <Th>{t('expected')}</Th>
          </tr>
        </thead>
        <tbody>
          {responses.map(({ id, text, given, expected }) => (
            <tr key={id}>
              <Td>
                <span className="font-medium">{t('responseNamed', { letter: letters.get(id) ?? '' })}</span>
                <ResponseExcerpt text={text} className="max-h-[4.5em] max-w-md overflow-hidden text-soft" />
              </Td>
              <Td>{tier(given)}</Td>
              <Td>{tier(expected)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {differing.length > 0 ? (
        <ul aria-label={t('pairsThatDiffer')} className="list-disc ps-5 text-soft">
          {differing.map(({ a, b, verdict }) => (
            <li key={`${a} ${b}`}>
              {t(verdict === 'tied' ? 'gold.pairTied' : 'gold.pairContradicted', {
                a: letters.get(a) ?? '',
                b: letters.get(b) ?? '',
              })}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
