import { useTranslations } from 'next-intl';
import type { Task } from '@/lib/schemas/annotation';
import { responseName } from './announcements';
import type { BoardState, Place } from './board-state';
import { CannotJudgeLane, TierLane, UnplacedLane } from './lane';
import { type CardHandlers, ResponseCard } from './response-card';

/** Where the responses lie: what is still to place at the left, the tiers from best to worst at the right. */
export function BoardLanes({
  hidden,
  responses,
  board,
  tiers,
  armed,
  pinned,
  expanded,
  handlers,
}: {
  hidden: boolean;
  responses: readonly Task['responses'][number][];
  board: BoardState;
  tiers: readonly string[];
  armed: string | null;
  pinned: string | null;
  expanded: ReadonlySet<string>;
  handlers: CardHandlers;
}) {
  const t = useTranslations('annotate');
  const cardsAt = (place: Place) =>
    responses
      .filter((response) => (board.places[response.id] ?? null) === place)
      .map((response) => (
        <ResponseCard
          key={response.id}
          id={response.id}
          name={responseName(board, response.id, t)}
          text={response.text}
          place={place}
          tiers={tiers}
          active={board.activeId === response.id}
          armed={armed === response.id}
          pinned={pinned === response.id}
          expanded={expanded.has(response.id)}
          handlers={handlers}
        />
      ));
  const unplaced = cardsAt(null);
  const setAside = cardsAt('cannot_judge');
  return (
    <div
      hidden={hidden}
      className="grid items-start gap-x-6 gap-y-5 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)] [&[hidden]]:hidden"
    >
      <UnplacedLane count={unplaced.length}>{unplaced}</UnplacedLane>
      <div className="min-w-0">
        <h2 className="mb-2 font-semibold text-sm">{t('tiers')}</h2>
        <div className="grid gap-2">
          {tiers.map((tier, index) => {
            const cards = cardsAt(index);
            return (
              <TierLane key={tier} index={index} tiers={tiers} count={cards.length}>
                {cards}
              </TierLane>
            );
          })}
          <CannotJudgeLane count={setAside.length}>{setAside}</CannotJudgeLane>
        </div>
      </div>
    </div>
  );
}
