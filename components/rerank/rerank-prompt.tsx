import { ArrowDown, ArrowUp, Minus } from 'lucide-react';
import { Badge, Card, Table, Td, Th, TierBadge } from '@/components/ui';
import type { RerankedPrompt, RerankedResponse } from '@/lib/schemas/run';
import { inNewOrder, placesGained, tierPairsRight } from './rank-changes';

/** Columns that a phone has no room for; there their content stands under the response. */
const WIDE_ONLY = 'max-sm:hidden';

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
            <Th className={WIDE_ONLY}>Human tier</Th>
            <Th numeric className={WIDE_ONLY}>
              Score before
            </Th>
            <Th numeric className={WIDE_ONLY}>
              Score after
            </Th>
          </tr>
        </thead>
        <tbody>
          {inNewOrder(prompt.responses).map((response) => (
            <tr key={response.responseId}>
              <Td className="whitespace-nowrap">
                <Place response={response} />
              </Td>
              <Td>
                <p className="break-words">{response.text}</p>
                <p className="mt-0.5 text-faint text-xs">{response.source}</p>
                <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs sm:hidden">
                  <HumanTier tier={response.tier} tiers={tiers} />
                  <span className="tabular text-soft">
                    {score(response.before)} → {score(response.after)}
                  </span>
                </div>
              </Td>
              <Td className={WIDE_ONLY}>
                <HumanTier tier={response.tier} tiers={tiers} />
              </Td>
              <Td numeric className={WIDE_ONLY}>
                {score(response.before)}
              </Td>
              <Td numeric className={WIDE_ONLY}>
                {score(response.after)}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function HumanTier({ tier, tiers }: { tier: number | null; tiers: string[] }) {
  if (tier === null) return <span className="whitespace-nowrap text-faint">not judged</span>;
  return <TierBadge index={tier} tiers={tiers} />;
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
