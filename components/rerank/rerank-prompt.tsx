import { ArrowDown, ArrowUp, Minus } from 'lucide-react';
import { Badge, Card, Table, Td, Th, TierBadge } from '@/components/ui';
import type { RerankedPrompt, RerankedResponse } from '@/lib/schemas/run';
import { inNewOrder, placesGained, tierPairsRight } from './rank-changes';

/** One prompt with its responses in their new order. */
export function RerankPrompt({ prompt, tiers }: { prompt: RerankedPrompt; tiers: string[] }) {
  return (
    <Card flush>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-5 pt-4 pb-3">
        <h3 className="min-w-0 flex-1 basis-80 whitespace-pre-line break-words font-medium text-sm">{prompt.text}</h3>
        <div className="flex flex-wrap items-center gap-2">
          <PairsRight responses={prompt.responses} />
          {prompt.heldOut ? <Badge tone="accent">Held out</Badge> : <Badge>Trained on</Badge>}
        </div>
      </div>
      <Table caption={`Responses to: ${prompt.text}`} className="border-line border-t">
        <thead>
          <tr>
            <Th>Place</Th>
            <Th>Response</Th>
            <Th>Human tier</Th>
            <Th numeric>Score before</Th>
            <Th numeric>Score after</Th>
          </tr>
        </thead>
        <tbody>
          {inNewOrder(prompt.responses).map((response) => (
            <tr key={response.responseId}>
              <Td className="whitespace-nowrap">
                <Place response={response} />
              </Td>
              <Td className="min-w-64">
                <p className="break-words">{response.text}</p>
                <p className="mt-0.5 text-faint text-xs">{response.source}</p>
              </Td>
              <Td>
                {response.tier === null ? (
                  <span className="whitespace-nowrap text-faint">not judged</span>
                ) : (
                  <TierBadge index={response.tier} tiers={tiers} />
                )}
              </Td>
              <Td numeric>{score(response.before)}</Td>
              <Td numeric>{score(response.after)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Place({ response }: { response: RerankedResponse }) {
  const gained = placesGained(response);
  const now = response.rankAfter ?? response.rankBefore;
  return (
    <span className="inline-flex items-center gap-2">
      <span className="tabular w-4 text-right font-semibold">{now ?? '–'}</span>
      {gained === null ? null : gained === 0 ? (
        <span className="inline-flex items-center text-faint">
          <Minus aria-hidden="true" className="size-3.5" />
          <span className="sr-only">same place as before</span>
        </span>
      ) : (
        <span className={`inline-flex items-center gap-0.5 text-xs ${gained > 0 ? 'text-good' : 'text-warn'}`}>
          {gained > 0 ? (
            <ArrowUp aria-hidden="true" className="size-3.5" />
          ) : (
            <ArrowDown aria-hidden="true" className="size-3.5" />
          )}
          <span aria-hidden="true">{Math.abs(gained)}</span>
          <span className="sr-only">
            {gained > 0 ? 'up' : 'down'} from place {response.rankBefore}
          </span>
        </span>
      )}
    </span>
  );
}

function PairsRight({ responses }: { responses: readonly RerankedResponse[] }) {
  const before = tierPairsRight(responses, 'before');
  const after = tierPairsRight(responses, 'after');
  if (before === null) return null;
  return (
    <span className="tabular text-[0.8125rem] text-soft">
      {after === null
        ? `${before.right} of ${before.pairs} pairs right`
        : `${before.right} → ${after.right} of ${after.pairs} pairs right`}
    </span>
  );
}

function score(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
