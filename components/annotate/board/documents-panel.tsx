'use client';

import { ChevronDown, ChevronUp, FileText, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import {
  type Ref,
  useDeferredValue,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import { FormattedText } from '@/components/content/formatted-text';
import { showHighlight, textOf } from '@/components/content/highlight';
import { searchSpans, sharedSpans } from '@/components/content/shared-spans';
import { IconButton } from '@/components/ui/button';
import type { PromptDocument } from '@/trainer/contract/record';
import { Disclosure } from './disclosure';
import { scrollToTop } from './scroller';
import { type SharedWords, sharedWords } from './shared-words';

/** The response in focus: what the documents share with it is marked. */
export type CitingResponse = { name: string; text: string };

/** What the panel does for others. */
export type DocumentsHandle = {
  /** Opens a document by the number that responses cite (1 is the first), shows it and gives it the focus. */
  open: (number: number) => void;
};

/** Documents beyond this are searched but not compared with the response: it would be felt. */
const COMPARE_UP_TO = 120_000;

/** The documents that the model was given: searchable, with what the response in focus took from them marked. */
export function DocumentsPanel({
  documents,
  citing,
  ref,
}: {
  documents: readonly PromptDocument[];
  citing: CitingResponse | null;
  ref?: Ref<DocumentsHandle>;
}) {
  const t = useTranslations('annotate');
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState<ReadonlySet<number>>(() => initiallyOpen(documents));
  const search = useSearch(list, useDeferredValue(query), (holding) =>
    setOpen((known) => (holding.every((index) => known.has(index)) ? known : new Set([...known, ...holding]))),
  );
  // Behind the keys: the focus moves at once, the marks follow.
  const shared = useShared(list, useDeferredValue(citing));
  const fieldId = useId();
  useImperativeHandle(
    ref,
    () => ({
      open: (number) => {
        const document = documentsIn(list)[number - 1];
        const title = document?.closest('details')?.querySelector('summary');
        if (!title) return;
        // There has to be something below the title before it can be scrolled to the top.
        flushSync(() => setOpen((known) => new Set(known).add(number - 1)));
        if (!scrollToTop(title)) title.scrollIntoView({ block: 'start' });
        title.focus({ preventScroll: true });
      },
    }),
    [],
  );

  const noteOf = (words: SharedWords | undefined) =>
    shared && words && words.count > 0
      ? {
          note: t('wordsSharedWith', { count: words.count, name: shared.name }),
          noteDetail: words.passages.map((text) => t('quoted', { text })).join('\n'),
        }
      : {};

  return (
    <section aria-label={t('documents')} className="min-w-0">
      <h2 className="mb-2 flex items-center gap-2 font-medium text-[0.8125rem] text-soft">
        <FileText aria-hidden="true" className="size-4 text-faint" />
        {t('countDocuments', { count: documents.length })}
      </h2>
      <div className="overflow-clip rounded-lg border border-line bg-surface">
        <div className="flex items-center gap-1 border-line border-b bg-surface py-1 pe-1 ps-3.5">
          <Search aria-hidden="true" className="size-4 shrink-0 text-faint" />
          <label htmlFor={fieldId} className="sr-only">
            {t('searchTheDocuments')}
          </label>
          <input
            id={fieldId}
            type="search"
            value={query}
            placeholder={t('searchTheDocuments')}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setQuery('');
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              search.go(event.shiftKey ? -1 : 1);
            }}
            className="h-9 min-w-0 flex-1 bg-transparent px-2 text-sm outline-none"
          />
          <p role="status" aria-label={t('searchResults')} className="tabular shrink-0 text-faint text-xs">
            {query.trim() === ''
              ? ''
              : search.count === 0
                ? t('nothingFound')
                : t('placeOf', { place: search.at + 1, count: search.count })}
          </p>
          {search.count > 0 ? (
            <>
              <IconButton label={t('earlierPlace')} size="sm" onClick={() => search.go(-1)}>
                <ChevronUp aria-hidden="true" className="size-4" />
              </IconButton>
              <IconButton label={t('nextPlace')} size="sm" onClick={() => search.go(1)}>
                <ChevronDown aria-hidden="true" className="size-4" />
              </IconButton>
            </>
          ) : null}
        </div>
        <div ref={list}>
          {documents.map((document, index) => (
            <Disclosure
              // biome-ignore lint/suspicious/noArrayIndexKey: two documents may share a title; the list never changes
              key={index}
              // Responses cite documents by their number.
              title={`${index + 1}. ${document.title || t('document')}`}
              {...noteOf(shared?.documents[index])}
              isOpen={open.has(index)}
              onToggle={(isOpen) =>
                setOpen((known) => {
                  if (known.has(index) === isOpen) return known;
                  const next = new Set(known);
                  if (isOpen) next.add(index);
                  else next.delete(index);
                  return next;
                })
              }
            >
              <div data-document={index}>
                <FormattedText text={document.text} className="text-sm leading-relaxed" />
              </div>
            </Disclosure>
          ))}
        </div>
      </div>
      {shared?.documents.some(({ count }) => count > 0) ? (
        <p className="mt-2 text-faint text-xs">{t('markedWordsRowName', { name: shared.name })}</p>
      ) : null}
    </section>
  );
}

/** Where there is room for a side panel, short documents stand open. */
function initiallyOpen(documents: readonly PromptDocument[]): ReadonlySet<number> {
  const short = documents.reduce((sum, { text }) => sum + text.length, 0) <= 8000;
  const roomy = typeof matchMedia === 'function' && matchMedia('(min-width: 80rem)').matches;
  return new Set(short && roomy ? documents.keys() : []);
}

type Root = { current: HTMLElement | null };

function documentsIn(root: Root): HTMLElement[] {
  return [...(root.current?.querySelectorAll<HTMLElement>('[data-document]') ?? [])];
}

/** Marks every match, tells which documents hold one, and walks from match to match. */
function useSearch(root: Root, query: string, onFound: (documents: number[]) => void) {
  const [count, setCount] = useState(0);
  const [at, setAt] = useState(0);
  const ranges = useRef<Range[]>([]);
  const found = useRef(onFound);
  useEffect(() => {
    found.current = onFound;
  });

  useEffect(() => {
    const holding: number[] = [];
    ranges.current = documentsIn(root).flatMap((element, index) => {
      const { text, ranges: rangesFor } = textOf(element);
      const spans = searchSpans(text, query);
      if (spans.length > 0) holding.push(index);
      return rangesFor(spans);
    });
    showHighlight('search', ranges.current);
    showHighlight('search-current', ranges.current.slice(0, 1));
    setCount(ranges.current.length);
    setAt(0);
    if (holding.length > 0) found.current(holding);
    return () => {
      showHighlight('search', []);
      showHighlight('search-current', []);
    };
  }, [root, query]);

  const go = (by: 1 | -1) => {
    const total = ranges.current.length;
    if (total === 0) return;
    const next = (at + by + total) % total;
    setAt(next);
    const range = ranges.current[next]!;
    showHighlight('search-current', [range]);
    range.startContainer.parentElement?.scrollIntoView({ block: 'nearest' });
  };
  return { count, at, go };
}

/** Marks what the documents share with a response. @returns the response's name, and for each document what it shares. */
function useShared(root: Root, citing: CitingResponse | null): { name: string; documents: SharedWords[] } | null {
  const [shared, setShared] = useState<{ name: string; documents: SharedWords[] } | null>(null);
  useLayoutEffect(() => () => showHighlight('shared', []), []);
  useEffect(() => {
    const mark = () => {
      const texts = documentsIn(root).map(textOf);
      const response = citing?.text ?? '';
      const size = texts.reduce((sum, { text }) => sum + text.length, response.length);
      const spans = texts.map(({ text }) => (size > COMPARE_UP_TO ? [] : sharedSpans(text, response)));
      showHighlight(
        'shared',
        texts.flatMap(({ ranges }, index) => ranges(spans[index]!)),
      );
      const documents = texts.map(({ text }, index) => sharedWords(text, spans[index]!));
      setShared(citing && { name: citing.name, documents });
    };
    let timer: ReturnType<typeof setTimeout>;
    // After the paint, and dropped when the focus has moved on.
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(mark, 60);
    };
    later();
    // A text that gets its formatting is made of other elements.
    const watcher = new MutationObserver((changes) => {
      if (changes.some(({ target }) => target instanceof Element && target.closest('[data-document]'))) later();
    });
    if (root.current) watcher.observe(root.current, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      watcher.disconnect();
    };
  }, [root, citing]);
  return shared;
}
