'use client';

import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { useDeviceChoice } from '@/components/ui/use-device-choice';
import { foldParts } from './fold';
import { FormattedText } from './formatted-text';
import { countWords } from './shared-spans';
import type { TextForm } from './text-form';
import { useIsRaw, useTextForm, useThinkingTags } from './text-forms';
import { splitThinking, type TextPart } from './thinking';

/** Whether a response is long enough to be folded; its thinking is folded by itself and does not count. */
export function useIsLong(text: string): boolean {
  const parts = useParts(text);
  return useMemo(() => foldParts(parts).long, [parts]);
}

/**
 * A response: what it answers, with its thinking folded away. `folded`: only the beginning of the answer. `responseId`
 * names it as the text whose passages are marked: marks count in `text`, and each part says where in it it stands.
 */
export function ResponseText({
  text,
  folded = false,
  responseId,
  className,
}: {
  text: string;
  folded?: boolean;
  responseId?: string;
  className?: string;
}) {
  const textForm = useTextForm();
  const all = useParts(text);
  const parts = useMemo(() => (folded ? foldParts(all).preview : all), [folded, all]);
  // All of a response is drawn the same way; formulas are looked for in each part.
  const markdown = useMemo(() => all.some((part) => textForm(part.text).markdown), [all, textForm]);
  const forms = useMemo(
    () => parts.map((part): TextForm => ({ markdown, math: textForm(part.text).math })),
    [parts, markdown, textForm],
  );
  return (
    <div data-response-text={responseId} className={className}>
      {parts.map((part, index) =>
        part.kind === 'answer' ? (
          <Part key={part.start} part={part} form={forms[index]!} className={index > 0 ? 'mt-2' : undefined} />
        ) : (
          <Thinking key={part.start} part={part} form={forms[index]!} isFixed={folded} isFirst={index === 0} />
        ),
      )}
    </div>
  );
}

/** The parts of a response; one, as it was written, where every sign is to be seen. */
function useParts(text: string): readonly TextPart[] {
  const tags = useThinkingTags();
  const isRaw = useIsRaw();
  return useMemo(
    () => (isRaw ? [{ kind: 'answer', text, start: 0, end: text.length }] : splitThinking(text, tags)),
    [isRaw, text, tags],
  );
}

function Part({ part, form, className }: { part: TextPart; form: TextForm; className?: string }) {
  return (
    <div data-text-part={`${part.start}-${part.end}`} className={className}>
      <FormattedText text={part.text} form={form} />
    </div>
  );
}

/** Opened once, thinking stands open in later responses. `isFixed`: in a folded response it only says that it is there. */
function Thinking({
  part,
  form,
  isFixed,
  isFirst,
}: {
  part: TextPart;
  form: TextForm;
  isFixed: boolean;
  isFirst: boolean;
}) {
  const t = useTranslations('content');
  const [opensNext, setOpensNext] = useDeviceChoice('rescue-thinking-open', false);
  const [isOpen, setIsOpen] = useState(opensNext);
  const label = t('thinking', { words: useMemo(() => countWords(part.text), [part.text]) });
  const look = 'flex select-none items-center gap-2 py-1 font-medium text-[0.8125rem] text-soft';
  const toggle = () => {
    setIsOpen(!isOpen);
    setOpensNext(!isOpen);
  };
  return (
    <div className={classNames('border-edge border-s-2 ps-2.5', !isFirst && 'mt-2')}>
      {isFixed ? (
        <p data-not-text className={look}>
          {label}
        </p>
      ) : (
        <button
          type="button"
          data-not-text
          aria-expanded={isOpen}
          onClick={toggle}
          className={classNames(look, 'group -ms-1 rounded-sm px-1 hover:bg-hover')}
        >
          <span
            aria-hidden="true"
            className="size-1.5 shrink-0 rotate-45 border-faint border-e-2 border-t-2 transition-transform group-aria-expanded:rotate-135 rtl:-rotate-45 rtl:group-aria-expanded:-rotate-135"
          />
          {label}
        </button>
      )}
      {isOpen && !isFixed ? <Part part={part} form={form} className="pt-1 text-soft" /> : null}
    </div>
  );
}
