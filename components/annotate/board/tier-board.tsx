'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useThinkingTags } from '@/components/content/text-forms';
import { answerOf } from '@/components/content/thinking';
import { useNameList } from '@/components/ui/use-name-list';
import type { Me } from '@/lib/schemas/people';
import type { Project } from '@/lib/schemas/project';
import { useKeyBindings } from '../keys/use-key-bindings';
import { useSingleKeys } from '../keys/use-single-keys';
import { FlagNote } from '../queue/flag-note';
import { RemarksContext } from '../remarks/remarks-context';
import { useBoardRemarks } from '../remarks/use-board-remarks';
import type { OpenPrompt } from '../session/session-state';
import { announceFlag, announceOpening, responseName } from './announcements';
import { BoardBar } from './board-bar';
import { BoardBody } from './board-body';
import { type BoardDialog, BoardDialogs } from './board-dialogs';
import { type BoardAction, type Place, untouchedIds } from './board-state';
import type { ViewChoice } from './board-view';
import { afterPlacing, announcePins, nextPair, type Pins, pressCompare } from './comparison';
import { bringIntoView, findResponse, isInView } from './in-view';
import type { CardHandlers } from './response-card';
import { TierDock } from './tier-dock';
import { useActiveInView } from './use-active-in-view';
import { type BoardSession, useBoard } from './use-board';
import { useBoardCommands } from './use-board-commands';
import { useBoardView } from './use-board-view';
import { useDragging } from './use-dragging';
import { useFollowingFocus } from './use-following-focus';
import { useShownResponses } from './use-shown-responses';
import { useTapPlacing } from './use-tap-placing';

/** The prompt on screen with its responses to sort. Mount it with a key of the board: it starts over with each. */
export function TierBoard({
  session,
  open,
  user,
  project,
  guidance,
  saveLabel,
  focusOnOpen,
  leave,
  status,
  tools,
  notices,
  canSkip,
  onGuidelines,
  back,
}: {
  session: BoardSession;
  open: OpenPrompt;
  user: Me;
  project: Project;
  /** The project's words on what to judge; may be empty. */
  guidance: string;
  saveLabel: string;
  /** Puts the focus on the prompt: after the previous one was left, not on the first look at the page. */
  focusOnOpen: boolean;
  /** Where the way out of the board leads. */
  leave: { href: string; label: string };
  /** Progress and save status, in the bar. */
  status: ReactNode;
  /** More buttons in the bar. */
  tools: ReactNode;
  /** What has to be read before anything else, under the bar. */
  notices: ReactNode;
  /** Whether there is a queue that the prompt can be taken off. */
  canSkip: boolean;
  onGuidelines: () => void;
  /** Goes back to the prompt before; null where there is none. */
  back: { label: string; run: () => void } | null;
}) {
  const t = useTranslations('annotate');
  const listNames = useNameList();
  const { task, board } = open;
  const { id: projectId, tiers, tiersVersion, issueTags } = project;
  const { newest, act, save, spoken, say, notice } = useBoard({ session, open, tiers, tiersVersion, issueTags });
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [pins, setPins] = useState<Pins>([]);
  const [armed, setArmed] = useState<string | null>(null);
  const [dialog, setDialog] = useState<BoardDialog | null>(null);
  const [raw, setRaw] = useState(false);
  const toggleRaw = () => setRaw(!raw);
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const [bindings, setBindings] = useKeyBindings(user.id);
  const root = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useShownResponses(projectId, task.responses);
  const thinkingTags = useThinkingTags();
  const reading = useBoardView({
    area,
    answers: () => shown.responses.map(({ text }) => answerOf(text, thinkingTags)),
    ids: board.responseIds,
    activeId: board.activeId,
    pins,
  });
  const remarks = useBoardRemarks({ root, texts: shown.texts, board, issueTags, act, say });
  const { comparing, isReading } = reading;
  const follow = useFollowingFocus(root, board.activeId);
  const nameOf = useCallback((id: string) => responseName(newest(), id, t), [newest, t]);

  useEffect(() => {
    if (focusOnOpen) heading.current?.focus({ preventScroll: true });
  }, [focusOnOpen]);

  const opening = useRef(announceOpening(open, t));
  useEffect(() => say(opening.current), [say]);

  const move = useCallback(
    (action: BoardAction) => {
      follow();
      act(action);
    },
    [act, follow],
  );
  const place = useCallback(
    (id: string, to: Place) => {
      move({ type: 'place', id, place: to });
      setArmed((known) => (known === id ? newest().activeId : known));
      if (!comparing || !pins.includes(id)) return;
      const isUntouched = (other: string) => untouchedIds(newest()).includes(other);
      act({ type: 'activate', id: afterPlacing(pins, id, isUntouched) });
    },
    [move, act, comparing, pins, newest],
  );
  /** Nobody places what is not in view: the first press shows it. */
  const placeActive = (to: Place) => {
    const { activeId } = newest();
    if (activeId === null) return;
    const element = findResponse(root.current, activeId);
    if (element && !isInView(element)) {
      bringIntoView(element);
      say(t('inViewNow', { name: nameOf(activeId) }));
      return;
    }
    place(activeId, to);
  };
  const toggleExpanded = useCallback((id: string) => {
    setExpanded((current) => {
      const next = new Set(current);
      if (!next.delete(id)) next.add(id);
      return next;
    });
    // What was closed below its beginning stays where the person looks.
    requestAnimationFrame(() => {
      const card = findResponse(root.current, id);
      if (card && card.getBoundingClientRect().top < 0) bringIntoView(card);
    });
  }, []);
  const changePins = useCallback(
    (next: Pins) => {
      if (next === pins) return;
      setPins(next);
      say(announcePins(next, nameOf, listNames, t));
      const isCompared = next.length >= 2;
      if (isCompared && !next.includes(newest().activeId ?? '')) act({ type: 'activate', id: next.at(-1)! });
      if (isCompared || pins.length >= 2) follow();
    },
    [pins, say, follow, act, newest, nameOf, listNames, t],
  );
  const { setOpened, limit } = reading;
  const compare = useCallback(
    (id: string | null) => changePins(pressCompare(pins, id, limit)),
    [changePins, pins, limit],
  );
  const compareNextPair = () => changePins(nextPair(pins, board.responseIds, newest().activeId));
  const read = useCallback(
    (id: string) => {
      if (!isReading) setOpened(true);
      // While some are compared, another one joins them.
      if (comparing && !pins.includes(id)) compare(id);
      move({ type: 'activate', id });
    },
    [isReading, setOpened, comparing, pins, compare, move],
  );
  const changeView = (choice: ViewChoice) => {
    reading.setChoice(choice);
    if (comparing) setPins([]);
    say(t(`views.${choice}`));
    follow();
  };
  /** What Escape and the reader's button close, the last opened first. */
  const close = () => {
    if (armed !== null) setArmed(null);
    else if (comparing) changePins([]);
    else if (reading.isOpened) {
      setOpened(false);
      follow();
    }
  };
  const flagged = session.isFlagged?.(task) ?? false;
  /** The flag was set just now, and may get a note. */
  const [asksForNote, setAsksForNote] = useState(false);
  const toggleFlag = () => {
    if (!session.isFlagged || !session.flag) return;
    const isFlagged = session.isFlagged(task);
    setAsksForNote(!isFlagged);
    session.flag(isFlagged ? null : '');
    say(announceFlag(!isFlagged, t));
  };

  useActiveInView(
    root,
    () => newest().activeId,
    (id) => act({ type: 'activate', id }),
  );
  useTapPlacing(
    root,
    armed,
    (id) => {
      setArmed(id);
      say(id === null ? t('nothingIsChosen') : t('chosen', { name: nameOf(id) }));
    },
    place,
  );
  useDragging(root, place);
  useBoardCommands(
    {
      act,
      move,
      save,
      placeActive,
      close,
      read,
      toggleExpanded,
      toggleFlag,
      changeView: () => changeView(reading.view === 'focus' ? 'board' : 'focus'),
      toggleRaw,
      compare: () => compare(newest().activeId),
      nextPair: compareNextPair,
      openDialog: setDialog,
      runRemark: remarks.run,
      onGuidelines,
      onBack: back?.run,
    },
    {
      root,
      newest,
      isReading,
      order: comparing ? pins : board.responseIds,
      canSkip,
    },
    bindings,
    singleKeys,
  );

  // Stable, so that a key press renders only the cards that it changes.
  const handlers = useMemo<CardHandlers>(
    () => ({
      keys: bindings,
      onPlace: place,
      onActivate: (id) => act({ type: 'activate', id }),
      onToggleExpanded: toggleExpanded,
      onCompare: compare,
      onRead: read,
    }),
    [bindings, place, act, toggleExpanded, compare, read],
  );
  const { activeId } = board;
  return (
    <>
      <RemarksContext value={remarks.view}>
        <div ref={root} data-marking={remarks.marking} className="flex min-h-0 flex-1 flex-col">
          <BoardBar
            leaveHref={leave.href}
            leaveLabel={leave.label}
            user={user}
            keys={bindings}
            view={reading.view}
            viewChoice={reading.choice}
            raw={raw}
            canUndo={board.past.length > 0}
            canRedo={board.future.length > 0}
            flagged={flagged}
            backLabel={back?.label ?? null}
            allBad={board.allBad}
            onView={changeView}
            onRaw={toggleRaw}
            onUndo={() => move({ type: 'undo' })}
            onRedo={() => move({ type: 'redo' })}
            onFlag={session.flag ? toggleFlag : undefined}
            onSkip={canSkip ? () => setDialog('skip') : undefined}
            onBack={back?.run}
            onKeys={() => setDialog('keys')}
            onToggleAllBad={() => act({ type: 'toggle-all-bad' })}
            onSkipToResponses={() => findResponse(root.current, board.activeId ?? '')?.focus()}
            tools={
              <>
                {tools}
                {remarks.toggle}
              </>
            }
          >
            {status}
          </BoardBar>
          <div className="max-h-[55dvh] shrink-0 overflow-y-auto empty:hidden">
            {asksForNote ? (
              <FlagNote
                onNote={(note) => {
                  setAsksForNote(false);
                  session.flag?.(note);
                }}
                onClose={() => setAsksForNote(false)}
              />
            ) : null}
            {notices}
          </div>
          <BoardBody
            area={area}
            heading={heading}
            task={task}
            guidance={guidance}
            raw={raw}
            shown={shown}
            board={board}
            tiers={tiers}
            armed={armed}
            pins={pins}
            expanded={expanded}
            reading={reading}
            handlers={handlers}
            remarks={remarks.parts}
            onNextPair={compareNextPair}
            onClose={comparing || reading.isOpened ? close : undefined}
          />
          <TierDock
            tiers={tiers}
            keys={bindings}
            activeName={activeId === null ? null : responseName(board, activeId, t)}
            activePlace={activeId === null ? null : (board.places[activeId] ?? null)}
            armedName={armed === null ? null : responseName(board, armed, t)}
            allBad={board.allBad}
            notice={notice}
            saveLabel={saveLabel}
            onPlace={placeActive}
            onToggleAllBad={() => act({ type: 'toggle-all-bad' })}
            onSave={(event) => save(event.detail)}
          />
          <p role="status" aria-label={t('lastChange')} className="sr-only">
            {spoken}
          </p>
        </div>
      </RemarksContext>
      <BoardDialogs
        open={dialog}
        onOpen={setDialog}
        onSkip={(reason, note) => {
          setDialog(null);
          session.skip?.(reason, note);
        }}
        tiers={tiers}
        bindings={bindings}
        onBindingsChange={setBindings}
        singleKeys={singleKeys}
        onSingleKeysChange={setSingleKeys}
      />
    </>
  );
}
