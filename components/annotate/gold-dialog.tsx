'use client';

import { useApi } from '@/components/ui/api';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorState, LoadingState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { TierBadge } from '@/components/ui/tier';
import type { GoldFeedback } from '@/lib/schemas/gold';
import { responseLetter } from './announcements';
import { goldWords } from './gold-words';
import { useShownResponses } from './use-shown-responses';

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
  const { data, error, isFetchedAfterMount, refetch } = useApi<GoldFeedback>(
    `/projects/${projectId}/gold/${promptId}`,
    {
      fresh: true,
    },
  );
  const feedback = isFetchedAfterMount ? data : undefined;
  return (
    <Dialog
      title={feedback ? `Practice: ${feedback.externalId}` : 'Practice'}
      size="lg"
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onDone();
      }}
      actions={
        <Button variant="primary" autoFocus onClick={onDone}>
          Go on
        </Button>
      }
    >
      {error && !feedback ? (
        <ErrorState error={error} title="The expected answer could not be loaded" onRetry={() => refetch()} />
      ) : feedback ? (
        <Feedback projectId={projectId} feedback={feedback} tiers={tiers} />
      ) : (
        <LoadingState label="Loading the expected answer" />
      )}
    </Dialog>
  );
}

function Feedback({ projectId, feedback, tiers }: { projectId: string; feedback: GoldFeedback; tiers: string[] }) {
  const { pairs, explanation } = feedback;
  const { responses } = useShownResponses(projectId, feedback.responses);
  const letters = new Map(responses.map(({ id }, index) => [id, responseLetter(index)]));
  const differing = pairs.filter(({ verdict }) => verdict !== 'agreed');
  const tier = (index: number | null) =>
    index === null ? <span className="text-faint">Not placed</span> : <TierBadge index={index} tiers={tiers} />;
  return (
    <div className="grid gap-4 text-sm">
      <p>{goldWords(feedback)}</p>
      {explanation ? (
        <p dir="auto" className="whitespace-pre-wrap rounded-md bg-sunken px-3.5 py-2.5 wrap-anywhere">
          {explanation}
        </p>
      ) : null}
      <Table caption="Your tiers and the expected ones">
        <thead>
          <tr>
            <Th>Response</Th>
            <Th>Yours</Th>
            <Th>Expected</Th>
          </tr>
        </thead>
        <tbody>
          {responses.map(({ id, text, given, expected }) => (
            <tr key={id}>
              <Td>
                <span className="font-medium">Response {letters.get(id)}</span>
                <span dir="auto" className="line-clamp-2 max-w-md text-faint wrap-anywhere">
                  {text}
                </span>
              </Td>
              <Td>{tier(given)}</Td>
              <Td>{tier(expected)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {differing.length > 0 ? (
        <ul aria-label="Pairs that differ" className="list-disc pl-5 text-soft">
          {differing.map(({ a, b, verdict }) => (
            <li key={`${a} ${b}`}>
              {letters.get(a)} and {letters.get(b)}:{' '}
              {verdict === 'tied' ? 'tied by one of you, ordered by the other' : 'the other way round'}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
