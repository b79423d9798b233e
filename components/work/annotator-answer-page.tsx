'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useMemo } from 'react';
import { DocumentsPanel } from '@/components/annotate/board/documents-panel';
import { PromptPanel } from '@/components/annotate/board/prompt-panel';
import { ResponseText } from '@/components/content/response-text';
import { TextGroup } from '@/components/content/text-forms';
import { MarkCard } from '@/components/prompts/mark-card';
import { EmptyState, ErrorState, LinkButton, LoadingState, Page, PageHeader } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { TierBadge } from '@/components/ui/tier';
import { useFormats } from '@/components/ui/use-formats';
import type { AnnotatorAnswer } from '@/lib/schemas/annotator-answer';

/** One annotator's answer to one prompt, read-only; flags link here. */
export function AnnotatorAnswerPage({
  projectId,
  promptId,
  annotatorId,
}: {
  projectId: string;
  promptId: string;
  annotatorId: string;
}) {
  const t = useTranslations('work');
  const { formatDateTime } = useFormats();
  const path = `/projects/${projectId}/answers/${promptId}/${encodeURIComponent(annotatorId)}`;
  const { data, error, refetch } = useApi<AnnotatorAnswer>(path, { fresh: true });
  const texts = useMemo(
    () => [...(data?.messages ?? []).map(({ content }) => content), ...(data?.responses ?? []).map(({ text }) => text)],
    [data],
  );
  const back = <LinkButton href={`/projects/${projectId}/work`}>{t('backToWork')}</LinkButton>;
  if (!data) {
    return (
      <Page>
        <PageHeader title={t('answer')} actions={back} />
        {error ? <ErrorState error={error} onRetry={() => refetch()} /> : <LoadingState label={t('loadingAnswer')} />}
      </Page>
    );
  }
  const { annotation, annotator } = data;
  return (
    <Page>
      <PageHeader
        title={t('answerBy', { name: annotator.name })}
        description={
          annotation
            ? t('versionOf', { version: annotation.version, time: formatDateTime(annotation.createdAt) })
            : t('markedNotJudged')
        }
        actions={back}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        {data.marks.map((mark) => (
          <MarkCard key={mark.kind} projectId={projectId} annotatorId={annotatorId} mark={mark} />
        ))}
        <TextGroup texts={texts}>
          <PromptPanel task={data} guidance="" />
          {data.documents.length > 0 ? <DocumentsPanel documents={data.documents} citing={null} /> : null}
          {annotation ? <Judgement answer={data} annotation={annotation} /> : <EmptyState title={t('notJudgedYet')} />}
        </TextGroup>
      </div>
    </Page>
  );
}

type Annotation = NonNullable<AnnotatorAnswer['annotation']>;

function Judgement({ answer, annotation }: { answer: AnnotatorAnswer; annotation: Annotation }) {
  const t = useTranslations('work');
  const { tiers, placements, remarks } = annotation;
  const of = (fits: (placement: Annotation['placements'][number]) => boolean) => {
    const ids = new Set(placements.filter(fits).map(({ responseId }) => responseId));
    return answer.responses.filter(({ id }) => ids.has(id));
  };
  const judged = new Set(placements.map(({ responseId }) => responseId));
  const unseen = answer.responses.filter(({ id }) => !judged.has(id));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      {annotation.allBad ? <p className="text-sm text-warn">{t('judgedAllBad')}</p> : null}
      {remarks.comment ? (
        <p dir="auto" className="wrap-anywhere border-edge border-s-2 ps-3 text-sm">
          {remarks.comment}
        </p>
      ) : null}
      {tiers.map((name, tier) => (
        <PlacedResponses
          key={name}
          title={name}
          badge={<TierBadge index={tier} tiers={tiers} />}
          responses={of((place) => place.tier === tier)}
        />
      ))}
      <PlacedResponses title={t('cantJudge')} responses={of(({ state }) => state === 'cannot_judge')} />
      <PlacedResponses title={t('notJudged')} responses={[...of(({ state }) => state === 'not_judged'), ...unseen]} />
    </div>
  );
}

function PlacedResponses({
  title,
  badge = title,
  responses,
}: {
  title: string;
  badge?: ReactNode;
  responses: AnnotatorAnswer['responses'];
}) {
  if (responses.length === 0) return null;
  return (
    <section aria-label={title} className="min-w-0">
      <h2 className="mb-2 font-semibold text-sm">{badge}</h2>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-2">
        {responses.map(({ id, externalId, text, source }) => (
          <li key={id} className="min-w-0 rounded-lg border border-line bg-surface p-4">
            <p className="mb-1.5 text-[0.8125rem] text-faint wrap-anywhere">
              <span className="font-mono">{externalId}</span> · {source}
            </p>
            <ResponseText text={text} />
          </li>
        ))}
      </ul>
    </section>
  );
}
