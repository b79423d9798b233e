'use client';

import {
  AutoScroller,
  Cursor,
  Feedback,
  PointerActivationConstraints,
  PointerSensor,
  PreventSelection,
} from '@dnd-kit/dom';
import { DragDropProvider } from '@dnd-kit/react';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import type { Task } from '@/lib/schemas/annotation';
import { announceChange, responseName } from './announcements';
import type { BoardCommand } from './board-keys';
import {
  type BoardAction,
  type BoardDraft,
  type BoardState,
  createBoard,
  type Place,
  reduceBoard,
  toPlacements,
  untouchedIds,
} from './board-state';
import { BoardToolbar } from './board-toolbar';
import { KeysDialog } from './keys-dialog';
import { CannotJudgeLane, laneIds, TierLane, UnplacedLane } from './lane';
import { PlacingDock } from './placing-dock';
import { PromptPanel } from './prompt-panel';
import { type CardHandlers, ResponseCard } from './response-card';
import { type Judgement, saveObstacle } from './submission';
import { useBoardKeys } from './use-board-keys';
import { useSingleKeys } from './use-single-keys';
import { useTimeOnTask } from './use-time-on-task';

// The board has its own keyboard and its own announcements, so dnd-kit's (which speak raw ids) stay out.
const sensors = [
  PointerSensor.configure({
    activationConstraints: (event) =>
      event.pointerType === 'touch'
        ? [new PointerActivationConstraints.Delay({ value: 220, tolerance: 8 })]
        : [new PointerActivationConstraints.Distance({ value: 5 })],
  }),
];
const plugins = [AutoScroller, Cursor, Feedback.configure({ dropAnimation: null }), PreventSelection];

export type BoardStart = BoardDraft & { timeOnTaskMs: number };

/**
 * One prompt with its responses to sort. Mount it with a key of the prompt: it starts over with each.
 * `onDraft` is told of every change, `onSave` gets the finished judgement; what happens then is the owner's.
 */
export function TierBoard({
  task,
  tiers,
  guidance,
  start,
  saveLabel,
  focusOnOpen,
  toolbar,
  onDraft,
  onSave,
}: {
  task: Task;
  tiers: readonly string[];
  /** The project's words on what to judge; may be empty. */
  guidance: string;
  start: BoardStart | null;
  saveLabel: string;
  /** Puts the focus on the prompt: after the previous one was saved, not on the first look at the page. */
  focusOnOpen: boolean;
  /** Progress and save status, left of undo and redo. */
  toolbar: ReactNode;
  onDraft: (draft: BoardStart) => void;
  onSave: (judgement: Judgement) => void;
}) {
  const responseIds = useMemo(() => task.responses.map((response) => response.id), [task]);
  const [board, setBoard] = useState(() => createBoard(responseIds, tiers.length, start ?? undefined));
  // The newest board, so that what is said and kept never lags behind keys that come faster than React renders.
  const newest = useRef(board);
  const [spoken, setSpoken] = useState('');
  const [notice, setNotice] = useState<string | null>(null);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [showKeys, setShowKeys] = useState(false);
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const readTime = useTimeOnTask(start?.timeOnTaskMs ?? 0);
  const root = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const followFocus = useRef(false);
  /** One press, one submission: set by a save, cleared by the next change. */
  const submitted = useRef(false);

  useEffect(() => {
    if (focusOnOpen) heading.current?.focus({ preventScroll: true });
  }, [focusOnOpen]);

  const act = useCallback(
    (action: BoardAction) => {
      const before = newest.current;
      const after = reduceBoard(before, action);
      if (after === before) return;
      newest.current = after;
      if (after.places !== before.places || after.allBad !== before.allBad) {
        submitted.current = false;
        setNotice(null);
        setSpoken(announceChange(before, after, tiers));
        onDraft({ places: { ...after.places }, allBad: after.allBad, timeOnTaskMs: readTime() });
      }
      if (action.type !== 'activate' && action.type !== 'toggle-all-bad') followFocus.current = true;
      setBoard(after);
    },
    [tiers, onDraft, readTime],
  );

  // Runs after every change: a moved card is a new element, and the focus belongs on the active one.
  useEffect(() => {
    if (!followFocus.current || board.activeId === null) return;
    followFocus.current = false;
    findCard(root.current, board.activeId)?.focus();
  }, [board]);

  const save = () => {
    if (submitted.current) return;
    const { allBad } = newest.current;
    const untouched = untouchedIds(newest.current).length;
    const obstacle = saveObstacle(untouched, responseIds.length, allBad, notice !== null);
    if (obstacle) {
      setNotice(obstacle);
      return;
    }
    submitted.current = true;
    onSave({ allBad, placements: toPlacements(newest.current), timeOnTaskMs: readTime() });
  };

  const toggleExpanded = useCallback((id: string) => {
    setExpanded((current) => {
      const next = new Set(current);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);

  const placeActive = (place: Place) => {
    const { activeId } = newest.current;
    if (activeId !== null) act({ type: 'place', id: activeId, place });
  };

  useBoardKeys((command: BoardCommand) => {
    switch (command.type) {
      case 'tier':
        return placeActive(command.index);
      case 'unplace':
        return placeActive(null);
      case 'cannot-judge':
        return placeActive('cannot_judge');
      case 'save':
        return save();
      case 'help':
        return setShowKeys(true);
      case 'expand':
        return board.activeId === null ? undefined : toggleExpanded(board.activeId);
      default:
        return act(command);
    }
  }, singleKeys);

  // Stable, so that a key press renders only the cards that it changes.
  const handlers = useMemo<CardHandlers>(
    () => ({
      onPlace: (id, place) => act({ type: 'place', id, place }),
      onActivate: (id) => act({ type: 'activate', id }),
      onToggleExpanded: toggleExpanded,
    }),
    [act, toggleExpanded],
  );
  const cardsAt = (place: Place) =>
    task.responses
      .filter((response) => (board.places[response.id] ?? null) === place)
      .map((response) => (
        <ResponseCard
          key={response.id}
          id={response.id}
          name={responseName(board, response.id)}
          text={response.text}
          place={place}
          tiers={tiers}
          active={board.activeId === response.id}
          expanded={expanded.has(response.id)}
          handlers={handlers}
        />
      ));
  const unplaced = cardsAt(null);
  const setAside = cardsAt('cannot_judge');
  const hasDocuments = task.documents.length > 0;

  return (
    <DragDropProvider
      sensors={sensors}
      plugins={plugins}
      onDragEnd={(event) => {
        const { source, target, position } = event.operation;
        // A quick flick may be over before the library has looked for a lane: then look under the pointer.
        const laneId = target ? String(target.id) : laneAt(position.current);
        const place = laneId === null ? undefined : placeOfLane(laneId);
        if (event.canceled || !source || place === undefined) return;
        act({ type: 'place', id: String(source.id), place });
      }}
    >
      <div ref={root} className="flex flex-1 flex-col">
        <BoardToolbar
          canUndo={board.past.length > 0}
          canRedo={board.future.length > 0}
          onUndo={() => act({ type: 'undo' })}
          onRedo={() => act({ type: 'redo' })}
          onKeys={() => setShowKeys(true)}
        >
          {toolbar}
        </BoardToolbar>
        <div
          className={classNames(
            'mx-auto grid w-full max-w-[100rem] flex-1 content-start gap-x-8 gap-y-6 px-4 pt-5 pb-8 sm:px-6',
            hasDocuments
              ? 'xl:grid-cols-[minmax(22rem,2fr)_minmax(0,5fr)]'
              : 'xl:grid-cols-[minmax(18rem,1fr)_minmax(0,3fr)]',
          )}
        >
          <div className="min-w-0 xl:sticky xl:top-16 xl:max-h-[calc(100dvh-10rem)] xl:self-start xl:overflow-y-auto xl:pr-1">
            <PromptPanel task={task} guidance={guidance} headingRef={heading} />
          </div>
          <div className="grid min-w-0 items-start gap-x-6 gap-y-5 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <UnplacedLane count={unplaced.length}>{unplaced}</UnplacedLane>
            <div className="min-w-0">
              <h2 className="mb-2 font-semibold text-sm">Tiers</h2>
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
        </div>
        <PlacingDock
          tiers={tiers}
          activeName={board.activeId === null ? null : responseName(board, board.activeId)}
          activePlace={board.activeId === null ? null : (board.places[board.activeId] ?? null)}
          allBad={board.allBad}
          notice={notice}
          saveLabel={saveLabel}
          onPlace={placeActive}
          onToggleAllBad={() => act({ type: 'toggle-all-bad' })}
          onSave={save}
        />
        <p role="status" aria-label="Last change" className="sr-only">
          {spoken}
        </p>
      </div>
      <KeysDialog
        tiers={tiers}
        isOpen={showKeys}
        onOpenChange={setShowKeys}
        singleKeys={singleKeys}
        onSingleKeysChange={setSingleKeys}
      />
    </DragDropProvider>
  );
}

function findCard(root: HTMLElement | null, id: BoardState['activeId']): HTMLElement | null {
  const cards = root?.querySelectorAll<HTMLElement>('[data-response-card]') ?? [];
  return [...cards].find((card) => card.dataset.responseCard === id) ?? null;
}

/** The id of the lane at a point of the window, or null. */
function laneAt({ x, y }: { x: number; y: number }): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const lane = element.closest<HTMLElement>('[data-lane]');
    if (lane?.dataset.lane) return lane.dataset.lane;
  }
  return null;
}

/** The place that a droppable's id stands for; undefined for anything that is no lane. */
function placeOfLane(laneId: string): Place | undefined {
  if (laneId === laneIds.unplaced) return null;
  if (laneId === laneIds.cannotJudge) return 'cannot_judge';
  const tier = /^lane-tier-(\d+)$/.exec(laneId)?.[1];
  return tier === undefined ? undefined : Number(tier);
}
