'use client';

import { useTranslations } from 'next-intl';
import { memo, type ReactNode, type RefObject, useMemo, useRef } from 'react';
import { CitationsProvider } from '@/components/content/citations-context';
import { TextGroup } from '@/components/content/text-forms';
import { classNames } from '@/components/ui/class-names';
import { useNameList } from '@/components/ui/use-name-list';
import type { Task } from '@/lib/schemas/annotation';
import { responseName } from './announcements';
import type { BoardState } from './board-state';
import { type DocumentsHandle, DocumentsPanel } from './documents-panel';
import { PromptArea } from './prompt-area';
import { PromptPanel } from './prompt-panel';
import { Reader } from './reader';
import type { CardHandlers } from './response-card';
import { TierColumn } from './tier-column';
import { UnplacedLane } from './unplaced-lane';
import type { useBoardView } from './use-board-view';
import type { useShownResponses } from './use-shown-responses';

const Prompt = memo(PromptPanel);
const Documents = memo(DocumentsPanel);

/**
 * What stands between the bar and the dock: the prompt, the responses, and the tiers. Each has its own scroll; on a phone
 * all of it is one column.
 */
export function BoardBody({
  area,
  heading,
  task,
  guidance,
  raw,
  shown,
  board,
  tiers,
  armed,
  pins,
  expanded,
  reading,
  handlers,
  remarks,
  onNextPair,
  onClose,
}: {
  /** Where responses are read. */
  area: RefObject<HTMLDivElement | null>;
  heading: RefObject<HTMLHeadingElement | null>;
  task: Task;
  guidance: string;
  /** Every text as it was written. */
  raw: boolean;
  shown: ReturnType<typeof useShownResponses<Task['responses'][number]>>;
  board: BoardState;
  tiers: readonly string[];
  armed: string | null;
  pins: readonly string[];
  expanded: ReadonlySet<string>;
  reading: ReturnType<typeof useBoardView>;
  handlers: CardHandlers;
  /** The comment, and what lies over the texts. */
  remarks: ReactNode;
  onNextPair: () => void;
  /** Closes what is read; missing where there is nothing to go back to. */
  onClose?: () => void;
}) {
  const t = useTranslations('annotate');
  const listNames = useNameList();
  const { activeId, responseIds } = board;
  const { isReading, comparing } = reading;
  const citing = useMemo(() => {
    const text = activeId === null ? undefined : shown.texts.get(activeId)?.text;
    return text === undefined ? null : { name: responseName({ responseIds }, activeId!, t), text };
  }, [shown, responseIds, activeId, t]);
  const hasDocuments = task.documents.length > 0;
  const documents = useRef<DocumentsHandle>(null);
  const citations = useMemo(
    () => ({ count: task.documents.length, open: (document: number) => documents.current?.open(document) }),
    [task],
  );
  const texts = useMemo(
    () => [...task.messages.map(({ content }) => content), ...shown.responses.map(({ text }) => text)],
    [task, shown],
  );
  const read = reading.read.map((id) => ({
    id,
    index: board.responseIds.indexOf(id),
    name: responseName(board, id, t),
    text: shown.texts.get(id)?.text ?? '',
    place: board.places[id] ?? null,
  }));
  return (
    <TextGroup texts={texts} raw={raw}>
      <div
        data-board-body
        data-view={isReading ? 'focus' : 'board'}
        className={classNames(
          'board-body grid min-h-0 flex-1 auto-rows-max content-start gap-x-3 gap-y-2 px-3 pt-2 pb-2 max-md:overflow-y-auto max-md:overscroll-contain',
          hasDocuments && 'has-documents',
        )}
      >
        <PromptArea>
          <Prompt task={task} guidance={guidance} headingRef={heading} />
          {hasDocuments ? <Documents ref={documents} documents={task.documents} citing={citing} /> : null}
        </PromptArea>
        <div ref={area} data-area className={classNames('min-w-0 md:min-h-0', !isReading && 'md:overflow-y-auto')}>
          <CitationsProvider value={citations}>
            {isReading ? (
              <Reader
                label={comparing ? t('comparisonOf', { names: listNames(read.map(({ name }) => name)) }) : t('reading')}
                responses={read}
                board={board}
                tiers={tiers}
                armed={armed}
                pins={pins}
                comparing={comparing}
                scrolls={reading.scrolls}
                handlers={handlers}
                onNextPair={onNextPair}
                onClose={onClose}
                closeLabel={comparing ? t('closeComparison') : t('backToTheBoard')}
              />
            ) : (
              <UnplacedLane
                responses={shown.responses}
                board={board}
                tiers={tiers}
                armed={armed}
                pinned={pins.length === 1 ? pins[0]! : null}
                expanded={expanded}
                handlers={handlers}
              />
            )}
          </CitationsProvider>
        </div>
        <TierColumn
          slim={isReading}
          responses={shown.responses}
          board={board}
          tiers={tiers}
          armed={armed}
          handlers={handlers}
          className={classNames('md:overflow-y-auto', isReading && 'max-md:hidden')}
        />
        <div data-remarks className="min-w-0">
          {remarks}
        </div>
      </div>
    </TextGroup>
  );
}
