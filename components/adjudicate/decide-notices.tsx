'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { boardWidth } from '@/components/annotate/board/board-bar';
import { Button } from '@/components/ui';
import type { ApiError } from '@/components/ui/api';
import { classNames } from '@/components/ui/class-names';
import { Checkbox } from '@/components/ui/field';
import { Notice, useErrorMessage } from '@/components/ui/states';
import type { PromptAnswers } from '@/lib/schemas/decision';

/** What a reviewer has to know before deciding: own work on the prompt, and what somebody else decided meanwhile. */
export function DecideNotices({
  projectId,
  answers,
  error,
  besideOwnDraft,
  onBesideOwnDraft,
  onSee,
}: {
  projectId: string;
  answers: PromptAnswers;
  /** Of the last attempt to decide. */
  error: ApiError | null;
  besideOwnDraft: boolean;
  onBesideOwnDraft: (isAccepted: boolean) => void;
  /** The reviewer wants to see what somebody else decided; the board stays as it is. */
  onSee: (version: number) => void;
}) {
  const t = useTranslations('adjudicate');
  const errorMessage = useErrorMessage();
  const hasJudged = answers.answers.some(({ mine }) => mine);
  const overtakenBy = (error?.details as { version?: number } | undefined)?.version;
  if (!hasJudged && !answers.ownDraft && !error) return null;
  return (
    <div className={classNames('grid gap-2 py-2', boardWidth)}>
      {error ? (
        <Notice tone="bad" className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="min-w-0 flex-1 basis-64">{errorMessage(error)}</p>
          {overtakenBy === undefined ? null : (
            <Button size="sm" onClick={() => onSee(overtakenBy)}>
              {t('seeThatDecision')}
            </Button>
          )}
        </Notice>
      ) : null}
      {hasJudged ? <Notice tone="warn">{t('youJudgedToo')}</Notice> : null}
      {answers.ownDraft ? (
        <Notice tone="warn">
          <p>
            {t.rich('ownDraft', {
              link: (chunks) => (
                <Link
                  href={`/projects/${projectId}/annotate/mine/${answers.promptId}`}
                  className="font-medium underline"
                >
                  {chunks}
                </Link>
              ),
            })}
          </p>
          <Checkbox
            className="mt-2"
            label={t('decideBesideOwnDraft')}
            checked={besideOwnDraft}
            onChange={(event) => onBesideOwnDraft(event.target.checked)}
          />
        </Notice>
      ) : null}
    </div>
  );
}
