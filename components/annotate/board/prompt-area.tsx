'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { classNames } from '@/components/ui/class-names';

/**
 * The prompt with its documents: a column of its own where there is room, else the first lines above the responses, which
 * a button opens.
 */
export function PromptArea({ children }: { children: ReactNode }) {
  const t = useTranslations('annotate');
  const area = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const isCut = useIsCut(area);
  return (
    <div
      data-prompt
      className="grid min-w-0 content-start max-lg:border-line max-lg:border-b lg:grid-rows-[minmax(0,1fr)]"
    >
      <div
        ref={area}
        className={classNames(
          'grid min-w-0 content-start gap-5 overflow-y-auto lg:max-h-full lg:pe-1',
          isOpen ? 'max-lg:max-h-[60dvh]' : 'max-lg:max-h-[22dvh]',
        )}
      >
        {children}
      </div>
      {isCut || isOpen ? (
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="justify-self-start rounded-sm py-1 font-medium text-[0.8125rem] text-accent hover:underline lg:hidden"
        >
          {isOpen ? t('showLessOfThePrompt') : t('showTheWholePrompt')}
        </button>
      ) : null}
    </div>
  );
}

/** Whether an element holds more than it shows. */
function useIsCut(ref: { current: HTMLElement | null }): boolean {
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const look = () => setCut(element.scrollHeight > element.clientHeight + 4);
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [ref]);
  return isCut;
}
