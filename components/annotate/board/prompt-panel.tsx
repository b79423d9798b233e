'use client';

import { useTranslations } from 'next-intl';
import type { Ref } from 'react';
import { FormattedText } from '@/components/content/formatted-text';
import { classNames } from '@/components/ui/class-names';
import type { Task } from '@/lib/schemas/annotation';
import { Disclosure } from './disclosure';
import { openingTurn, useOpeningTurn } from './use-opening-turn';

const bubbles = {
  system: 'rounded-xl border border-edge/50 border-dashed px-3.5 py-2.5',
  user: 'ms-6 justify-self-end rounded-xl rounded-se-sm bg-accent-wash px-3.5 py-2.5',
  assistant: 'me-6 justify-self-start rounded-xl rounded-ss-sm border border-line bg-surface px-3.5 py-2.5',
} as const;

/**
 * What the model was asked: one instruction, or a chat, which opens at its last user turn where it lies in something that
 * scrolls. `headingRef` takes the focus when a prompt opens.
 */
export function PromptPanel({
  task,
  guidance,
  headingRef,
}: {
  task: Pick<Task, 'externalId' | 'messages'> & Partial<Pick<Task, 'withdrawn'>>;
  /** What annotators should judge, in the project's words; empty for none. */
  guidance: string;
  headingRef?: Ref<HTMLHeadingElement>;
}) {
  const t = useTranslations('annotate');
  const content = useTranslations('content');
  const [first] = task.messages;
  const opening = openingTurn(task.messages);
  const { list, turn } = useOpeningTurn<HTMLOListElement, HTMLLIElement>();
  // On the board it is what the page is about; elsewhere it stands under the page's own heading.
  const Heading = headingRef ? 'h1' : 'h2';
  return (
    <section aria-label={t('prompt')} className="min-w-0">
      <div className="flex items-baseline justify-between gap-3">
        <Heading ref={headingRef} tabIndex={-1} className="font-medium text-[0.8125rem] text-soft outline-none">
          {t('prompt')} <span className="font-mono font-normal text-faint">{task.externalId}</span>
        </Heading>
      </div>
      {task.withdrawn ? <p className="mt-1 text-[0.8125rem] text-warn">{t('withdrawnPrompt')}</p> : null}
      {task.messages.length === 1 && first ? (
        <FormattedText text={first.content} className="mt-1.5 text-[1.0625rem] leading-relaxed" />
      ) : (
        <ol ref={list} aria-label={t('chat')} className="mt-2 grid gap-2">
          {task.messages.map((message, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: turns have no id and never change
              key={index}
              ref={index === opening ? turn : undefined}
              className={classNames('min-w-0 max-w-full', bubbles[message.role])}
            >
              <p className="mb-0.5 font-medium text-soft text-xs">{content(`chatRoles.${message.role}`)}</p>
              <FormattedText text={message.content} />
            </li>
          ))}
        </ol>
      )}
      {guidance ? (
        <div className="mt-5 overflow-hidden rounded-lg border border-line bg-surface">
          <Disclosure title={t('whatToJudge')}>
            <FormattedText text={guidance} className="text-sm leading-relaxed" />
          </Disclosure>
        </div>
      ) : null}
    </section>
  );
}
