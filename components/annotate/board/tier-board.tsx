'use client';

import { useTranslations } from 'next-intl';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { useLoaded, usePreloaded } from '@/components/ui/use-loaded';
import type { Project } from '@/lib/schemas/project';
import type { BoardCommand } from '../keys/board-keys';
import { useBoardKeys } from '../keys/use-board-keys';
import { useKeyBindings } from '../keys/use-key-bindings';
import { useSingleKeys } from '../keys/use-single-keys';
import { FlagNote } from '../queue/flag-note';
import { RemarksContext } from '../remarks/remarks-context';
import { useBoardRemarks } from '../remarks/use-board-remarks';
import type { AnnotationSession } from '../session/annotation-session';
import type { OpenPrompt } from '../session/session-state';
import { responseName } from './announcements';
import { type BoardDialog, BoardDialogs } from './board-dialogs';
import { BoardLanes } from './board-lanes';
import { type BoardAction, type Place, untouchedIds } from './board-state';
import { BoardToolbar, boardWidth } from './board-toolbar';
import { afterPlacing, announcePins, type Pins, pressCompare } from './comparison';
import { DocumentsPanel } from './documents-panel';
import { PlacingDock } from './placing-dock';
import { PromptPanel } from './prompt-panel';
import type { CardHandlers } from './response-card';
import { useBoard, useFollowingFocus } from './use-board';
import { useDragging } from './use-dragging';
import { useShownResponses } from './use-shown-responses';
import { useTapPlacing } from './use-tap-placing';

const Prompt = memo(PromptPanel);
const Documents = memo(DocumentsPanel);
// What most prompts never need is not in the way of the first one.
const loadCompare = () => import('./compare-view').then(({ CompareView }) => CompareView);

/** The prompt on screen with its responses to sort. Mount it with a key of the board: it starts over with each. */
export function TierBoard({
  session,
  open,
  userId,
  project,
  guidance,
  saveLabel,
  focusOnOpen,
  toolbar,
  tools,
  canSkip,
  onGuidelines,
  onBack,
}: {
  session: AnnotationSession;
  open: OpenPrompt;
  userId: string;
  project: Project;
  /** The project's words on what to judge; may be empty. */
  guidance: string;
  saveLabel: string;
  /** Puts the focus on the prompt: after the previous one was left, not on the first look at the page. */
  focusOnOpen: boolean;
  /** Progress and save status. */
  toolbar: ReactNode;
  /** Buttons beside undo and redo. */
  tools: ReactNode;
  /** Whether there is a queue that the prompt can be taken off. */
  canSkip: boolean;
  onGuidelines: () => void;
  /** Goes back to the prompt before; missing where there is none. */
  onBack?: () => void;
}) {
  const t = useTranslations('annotate');
  const { task, board } = open;
  const { id: projectId, tiers, tiersVersion, issueTags } = project;
  const { newest, act, save, spoken, say, notice } = useBoard({ session, open, tiers, tiersVersion, issueTags });
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [pins, setPins] = useState<Pins>([]);
  const [armed, setArmed] = useState<string | null>(null);
  const [dialog, setDialog] = useState<BoardDialog | null>(null);
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const [bindings, setBindings] = useKeyBindings(userId);
  const shown = useShownResponses(projectId, task.responses);
  const flagged = session.isFlagged(task);
  /** The flag was set just now, and may get a note. */
  const [asksForNote, setAsksForNote] = useState(false);
  const toggleFlag = () => {
    const isFlagged = session.isFlagged(task);
    setAsksForNote(!isFlagged);
    session.flag(isFlagged ? null : '');
  };
  const root = useRef<HTMLDivElement>(null);
  const remarks = useBoardRemarks({ root, texts: shown.texts, board, issueTags, act, say });
  const heading = useRef<HTMLHeadingElement>(null);
  const comparing = pins.length === 2 ? pins : null;
  const CompareView = useLoaded(loadCompare, comparing !== null);
  usePreloaded(loadCompare);
  const follow = useFollowingFocus(root, board, pins, comparing === null || CompareView !== null);

  useEffect(() => {
    if (!focusOnOpen) return;
    window.scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, [focusOnOpen]);

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
      if (!comparing?.includes(id)) return;
      const isUntouched = (other: string) => untouchedIds(newest()).includes(other);
      act({ type: 'activate', id: afterPlacing(comparing, id, isUntouched) });
    },
    [move, act, comparing, newest],
  );
  const placeActive = (to: Place) => {
    const { activeId } = newest();
    if (activeId !== null) place(activeId, to);
  };
  const toggleExpanded = useCallback((id: string) => {
    setExpanded((current) => {
      const next = new Set(current);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const compare = useCallback(
    (id: string | null) => {
      const next = pressCompare(pins, id);
      if (next === pins) return;
      setPins(next);
      say(announcePins(next, (response) => responseName(newest(), response, t), t));
      if (next.length === 2 || pins.length === 2) follow();
      if (next.length === 2) window.scrollTo({ top: 0 });
    },
    [pins, say, follow, newest, t],
  );
  useTapPlacing(
    root,
    armed,
    (id) => {
      setArmed(id);
      say(id === null ? t('nothingIsChosen') : t('chosen', { name: responseName(newest(), id, t) }));
    },
    place,
  );

  useDragging(root, place);

  useBoardKeys(
    (command: BoardCommand) => {
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
          return setDialog('keys');
        case 'skip':
          return canSkip ? setDialog('skip') : undefined;
        case 'back':
          return onBack?.();
        case 'flag':
          return toggleFlag();
        case 'tag':
        case 'marks':
        case 'marking':
        case 'comment':
          return remarks.run(command.type);
        case 'guidelines':
          return onGuidelines();
        case 'compare':
          return compare(newest().activeId);
        case 'expand': {
          const { activeId } = newest();
          return activeId === null || comparing ? undefined : toggleExpanded(activeId);
        }
        case 'step': {
          if (!comparing) return move(command);
          follow();
          return act({ type: 'activate', id: comparing[command.by > 0 ? 1 : 0] });
        }
        case 'toggle-all-bad':
          return act(command);
        default:
          return move(command);
      }
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
    }),
    [bindings, place, act, toggleExpanded, compare],
  );
  const described = (id: string) => ({
    id,
    name: responseName(board, id, t),
    text: shown.texts.get(id)?.text ?? '',
    place: board.places[id] ?? null,
  });
  const { activeId } = board;
  const citing = useMemo(() => {
    const text = activeId === null ? undefined : shown.texts.get(activeId)?.text;
    return text === undefined ? null : { name: responseName(newest(), activeId!, t), text };
  }, [shown, activeId, newest, t]);
  const hasDocuments = task.documents.length > 0;
  return (
    <>
      <RemarksContext value={remarks.view}>
        <div ref={root} data-marking={remarks.marking} className="flex flex-1 flex-col">
          <BoardToolbar
            canUndo={board.past.length > 0}
            canRedo={board.future.length > 0}
            flagged={flagged}
            onUndo={() => move({ type: 'undo' })}
            onRedo={() => move({ type: 'redo' })}
            onFlag={toggleFlag}
            onSkip={canSkip ? () => setDialog('skip') : undefined}
            onKeys={() => setDialog('keys')}
            tools={
              <>
                {tools}
                {remarks.toggle}
              </>
            }
          >
            {toolbar}
          </BoardToolbar>
          {asksForNote ? (
            <FlagNote
              onNote={(note) => {
                setAsksForNote(false);
                session.flag(note);
              }}
              onClose={() => setAsksForNote(false)}
            />
          ) : null}
          <div
            className={classNames(
              boardWidth,
              'grid flex-1 content-start gap-x-8 gap-y-6 pt-5 pb-8',
              hasDocuments
                ? 'xl:grid-cols-[minmax(22rem,2fr)_minmax(0,5fr)] min-[1800px]:grid-cols-[minmax(46rem,5fr)_minmax(0,9fr)]'
                : 'xl:grid-cols-[minmax(18rem,1fr)_minmax(0,3fr)] min-[1800px]:grid-cols-[minmax(22rem,1fr)_minmax(0,4fr)]',
            )}
          >
            <div
              className={classNames(
                'grid min-w-0 content-start gap-x-8 gap-y-5 xl:sticky xl:top-16 xl:max-h-[calc(100dvh-10rem)] xl:self-start xl:overflow-y-auto xl:pe-1',
                hasDocuments && 'min-[1800px]:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]',
              )}
            >
              <Prompt task={task} guidance={guidance} headingRef={heading} />
              {hasDocuments ? <Documents documents={task.documents} citing={citing} /> : null}
            </div>
            <div className="min-w-0">
              {comparing && CompareView ? (
                <CompareView
                  pair={[described(comparing[0]), described(comparing[1])]}
                  tiers={tiers}
                  activeId={activeId}
                  onActivate={handlers.onActivate}
                  onClose={() => compare(null)}
                />
              ) : null}
              <BoardLanes
                hidden={comparing !== null && CompareView !== null}
                responses={shown.responses}
                board={board}
                tiers={tiers}
                armed={armed}
                pinned={pins.length === 1 ? pins[0] : null}
                expanded={expanded}
                handlers={handlers}
              />
              {remarks.parts}
            </div>
          </div>
          <PlacingDock
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
          session.skip(reason, note);
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
