import { useTranslations } from 'next-intl';
import type { Task } from '@/lib/schemas/annotation';
import { responseName } from './announcements';
import { laneIds } from './board-places';
import type { BoardState } from './board-state';
import { type CardHandlers, ResponseCard } from './response-card';

/** The responses nobody touched yet, as cards. Dropping one back here takes its placement away. */
export function UnplacedLane({
  responses,
  board,
  tiers,
  armed,
  pinned,
  expanded,
  handlers,
}: {
  responses: readonly Task['responses'][number][];
  board: BoardState;
  tiers: readonly string[];
  armed: string | null;
  pinned: string | null;
  expanded: ReadonlySet<string>;
  handlers: CardHandlers;
}) {
  const t = useTranslations('annotate');
  const unplaced = responses.filter(({ id }) => (board.places[id] ?? null) === null);
  const count = unplaced.length;
  return (
    <section
      data-lane={laneIds.unplaced}
      aria-label={t('toPlace')}
      className="min-h-full rounded-lg transition-colors data-drop:bg-accent-wash data-drop:ring-1 data-drop:ring-accent"
    >
      <div className="mb-2 flex items-baseline gap-2">
        <h2 className="font-semibold text-sm">{t('toPlace')}</h2>
        <p className="tabular text-faint text-xs">{count === 0 ? '' : t('countResponses', { count })}</p>
      </div>
      {count === 0 ? (
        <div className="rounded-lg border border-edge/50 border-dashed px-4 py-6 text-center text-sm text-soft">
          {t('allPlacedSaveEnter')}
        </div>
      ) : null}
      <ul
        aria-label={t('laneOf', { name: t('toPlace'), count })}
        className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,24rem),1fr))] items-start gap-2 empty:hidden"
      >
        {unplaced.map((response) => (
          <ResponseCard
            key={response.id}
            id={response.id}
            name={responseName(board, response.id, t)}
            text={response.text}
            place={null}
            tiers={tiers}
            active={board.activeId === response.id}
            armed={armed === response.id}
            pinned={pinned === response.id}
            expanded={expanded.has(response.id)}
            handlers={handlers}
          />
        ))}
      </ul>
    </section>
  );
}
