'use client';

import { CircleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { type ReactNode, useCallback } from 'react';
import { Button } from './button';
import { classNames } from './class-names';
import { errorSentence, type Sentences } from './error-sentence';

/** An empty list's explanation: what the list is for, and the next step. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}) {
  return (
    <div
      className={classNames(
        'flex flex-col items-center rounded-lg border border-edge/50 border-dashed px-6 py-12 text-center',
        className,
      )}
    >
      {icon ? (
        <span
          aria-hidden="true"
          className="mb-4 inline-flex size-11 items-center justify-center rounded-full bg-accent-wash text-accent"
        >
          {icon}
        </span>
      ) : null}
      <h2 className="font-semibold text-base">{title}</h2>
      {children ? <div className="mt-1 max-w-prose text-sm text-soft">{children}</div> : null}
      {actions ? <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}

/** The sentence to show for any failure, in the language of the page. */
export function useErrorMessage(): (error: unknown) => string {
  const t = useTranslations() as unknown as Sentences;
  const locale = useLocale();
  return useCallback((error: unknown) => errorSentence(t, locale, error), [t, locale]);
}

/** A failure in place of content; `onRetry` adds a "Try again" button. */
export function ErrorState({
  error,
  title,
  onRetry,
  className,
}: {
  error: unknown;
  /** Says what failed; by default, that something could not be loaded. */
  title?: string;
  onRetry?: () => void;
  className?: string;
}) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('ui');
  return (
    <div role="alert" className={classNames('rounded-lg border border-bad/35 bg-bad-wash p-5', className)}>
      <div className="flex items-start gap-3">
        <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-semibold text-bad">{title ?? t('loadFailed')}</p>
          <p className="mt-0.5 text-sm">{errorMessage(error)}</p>
          {onRetry ? (
            <Button size="sm" className="mt-3" onClick={onRetry}>
              {t('tryAgain')}
            </Button>
          ) : null}
        </div>
      </div>
    </div>
  );
}

/**
 * A short message inside a form or card, announced by screen readers; with a label, only its live content is announced.
 */
export function Notice({
  tone = 'neutral',
  labelledBy,
  children,
  className,
}: {
  tone?: 'neutral' | 'good' | 'warn' | 'bad';
  labelledBy?: string;
  children: ReactNode;
  className?: string;
}) {
  const tones = {
    neutral: 'border-line bg-sunken',
    good: 'border-good/35 bg-good-wash',
    warn: 'border-warn/35 bg-warn-wash',
    bad: 'border-bad/35 bg-bad-wash',
  };
  return (
    <div
      {...(labelledBy
        ? { role: 'group', 'aria-labelledby': labelledBy }
        : { role: tone === 'bad' ? 'alert' : 'status' })}
      className={classNames('rounded-md border px-3.5 py-2.5 text-sm', tones[tone], className)}
    >
      {children}
    </div>
  );
}

/** A grey placeholder while something loads. Wrap several in an element with aria-busy. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={classNames('animate-[ui-shimmer_1.6s_ease-in-out_infinite] rounded-md bg-hover', className)}
    />
  );
}

/** `count` rows of skeleton with a spoken "Loading". */
export function LoadingState({ label, rows = 3 }: { label?: string; rows?: number }) {
  const t = useTranslations('ui');
  return (
    <div role="status" aria-label={label ?? t('loading')} className="grid gap-3">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <Skeleton key={index} className="h-16" />
      ))}
    </div>
  );
}
