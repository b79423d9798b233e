'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Badge, Button } from '@/components/ui';
import { useFormats } from '@/components/ui/use-formats';
import type { ChangeablePrompt } from '@/lib/schemas/prompt-change';
import type { ChangeTarget } from './change-target';

/** The prompt and its responses, each with what can be done to it, and what was done before. */
export function ChangeTargets({
  prompt,
  onChoose,
}: {
  prompt: ChangeablePrompt;
  onChoose: (target: ChangeTarget) => void;
}) {
  const t = useTranslations('prompts');
  return (
    <div className="grid gap-5">
      <ul className="divide-y divide-line">
        <Target
          name={t('thePrompt')}
          text={prompt.messages.at(-1)?.content ?? ''}
          withdrawn={prompt.withdrawnAt !== null}
          onChoose={(kind) => onChoose({ kind, response: null })}
        />
        {prompt.responses.map((response) => (
          <Target
            key={response.id}
            name={<bdi className="font-mono text-[0.8125rem]">{`${response.externalId} · ${response.source}`}</bdi>}
            text={response.text}
            withdrawn={response.withdrawnAt !== null}
            onChoose={(kind) => onChoose({ kind, response })}
          />
        ))}
      </ul>
      {prompt.changes.length > 0 ? <History changes={prompt.changes} /> : null}
    </div>
  );
}

function Target({
  name,
  text,
  withdrawn,
  onChoose,
}: {
  name: ReactNode;
  text: string;
  withdrawn: boolean;
  onChoose: (kind: ChangeTarget['kind']) => void;
}) {
  const t = useTranslations('prompts');
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 text-sm first:pt-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
          {name}
          {withdrawn ? <Badge tone="bad">{t('signs.withdrawn')}</Badge> : null}
        </p>
        <p dir="auto" className="mt-0.5 line-clamp-2 text-soft wrap-anywhere">
          {text}
        </p>
      </div>
      <div className="flex gap-2">
        <Button size="sm" onClick={() => onChoose('correct')}>
          {t('correct')}
        </Button>
        <Button size="sm" onClick={() => onChoose(withdrawn ? 'restore' : 'withdraw')}>
          {t(withdrawn ? 'restore' : 'withdraw')}
        </Button>
      </div>
    </li>
  );
}

function History({ changes }: { changes: ChangeablePrompt['changes'] }) {
  const t = useTranslations('prompts');
  const { formatDateTime } = useFormats();
  return (
    <section aria-label={t('changes')}>
      <h3 className="mb-2 font-semibold text-sm">{t('changes')}</h3>
      <ol className="grid gap-2 text-sm">
        {changes.map(({ kind, response, note, judgeAgain, by, at }) => (
          <li key={`${at} ${kind} ${response}`} className="wrap-anywhere">
            {t(`changeKinds.${kind}`, { what: response ?? t('thePrompt') })}
            {judgeAgain ? ` ${t('askedAgain')}` : ''}
            <span className="block text-[0.8125rem] text-faint">
              <bdi>{by}</bdi> · {formatDateTime(at)}
            </span>
            {note ? (
              <span dir="auto" className="block text-soft">
                {note}
              </span>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
