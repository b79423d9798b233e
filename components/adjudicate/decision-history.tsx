'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Badge, Button, Card, TextArea } from '@/components/ui';
import { api, useCreation } from '@/components/ui/api';
import { FormDialog } from '@/components/ui/form-dialog';
import { useFormats } from '@/components/ui/use-formats';
import type { PromptAnswers } from '@/lib/schemas/decision';
import type { IssueTag } from '@/lib/schemas/remarks';
import { RemarkList } from './remark-list';

/** Every decision about a prompt, newest first; the one in force can be withdrawn. */
export function DecisionHistory({
  projectId,
  path,
  answers,
  tags,
  mayAdjudicate,
}: {
  projectId: string;
  path: string;
  answers: PromptAnswers;
  tags: readonly IssueTag[];
  mayAdjudicate: boolean;
}) {
  const t = useTranslations('adjudicate');
  const { formatDateTime } = useFormats();
  const [isWithdrawing, setWithdrawing] = useState(false);
  const { decisions, promptId, responses } = answers;
  if (decisions.length === 0) return null;
  const isDecided = decisions[0]!.kind === 'decided';
  return (
    <section aria-label={t('decisions')}>
      <h2 className="mb-3 font-semibold text-base">{t('decisions')}</h2>
      <ol className="grid gap-3">
        {decisions.map(({ version, kind, reviewer, createdAt, judgedToo, remarks, allBad }, index) => (
          <li key={version}>
            <Card className="flex flex-wrap items-start justify-between gap-3">
              <div className="min-w-0">
                <p className="flex flex-wrap items-center gap-2 text-sm">
                  <Badge tone={kind === 'decided' && index === 0 ? 'good' : 'neutral'}>
                    {t(kind === 'withdrawn' ? 'withdrawn' : index === 0 ? 'inForce' : 'replaced')}
                  </Badge>
                  <bdi className="font-medium">{reviewer}</bdi>
                  <span className="text-faint">{formatDateTime(createdAt)}</span>
                </p>
                {allBad ? <p className="mt-2 text-sm text-warn">{t('allBad')}</p> : null}
                <RemarkList remarks={remarks} responses={responses} tags={tags} />
                {judgedToo && kind === 'decided' ? (
                  <p className="mt-2 text-sm text-warn">{t('judgedToo', { name: reviewer })}</p>
                ) : null}
              </div>
              {mayAdjudicate && isDecided && index === 0 ? (
                <Button size="sm" onClick={() => setWithdrawing(true)}>
                  {t('withdraw')}
                </Button>
              ) : null}
            </Card>
          </li>
        ))}
      </ol>
      {isWithdrawing ? (
        <WithdrawDialog
          projectId={projectId}
          promptId={promptId}
          baseVersion={decisions[0]!.version}
          changed={[path, `/projects/${projectId}/review-queue`]}
          onClose={() => setWithdrawing(false)}
        />
      ) : null}
    </section>
  );
}

function WithdrawDialog({
  projectId,
  promptId,
  baseVersion,
  changed,
  onClose,
}: {
  projectId: string;
  promptId: string;
  baseVersion: number;
  changed: string[];
  onClose: () => void;
}) {
  const t = useTranslations('adjudicate');
  const [reason, setReason] = useState('');
  const withdraw = useCreation(
    (content: { promptId: string; baseVersion: number; reason: string }, idempotencyKey) =>
      api(`/projects/${projectId}/decisions/withdraw`, { method: 'POST', json: { ...content, idempotencyKey } }),
    changed,
    onClose,
  );
  return (
    <FormDialog
      title={t('withdraw')}
      submit={t('withdraw')}
      cancel={t('cancel')}
      pending={withdraw.isPending}
      dismissable={reason === ''}
      error={withdraw.error}
      className="grid gap-3"
      onSubmit={() => withdraw.mutate({ promptId, baseVersion, reason: reason.trim() })}
      onClose={onClose}
    >
      <p className="text-sm text-soft">{t('withdrawHint')}</p>
      <TextArea
        autoFocus
        dir="auto"
        label={t('reason')}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
