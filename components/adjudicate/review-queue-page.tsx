'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { PromptListItem } from '@/components/prompts/prompt-list-item';
import {
  Badge,
  Button,
  Card,
  EmptyState,
  ErrorState,
  LinkButton,
  LoadingState,
  Page,
  PageHeader,
  Tabs,
} from '@/components/ui';
import { type ApiError, api, apiKey } from '@/components/ui/api';
import { useFormats } from '@/components/ui/use-formats';
import type { ReviewItem, ReviewQueue, ReviewQueueQuery } from '@/lib/schemas/decision';
import { DecisionsSetting } from './decisions-setting';

/** Prompts on which annotators differ, for reviewers; and those that are decided. */
export function ReviewQueuePage({ projectId }: { projectId: string }) {
  const t = useTranslations('adjudicate');
  return (
    <Page>
      <PageHeader title={t('adjudicate')} description={t('intro')} />
      <Tabs
        label={t('adjudicate')}
        items={[
          { id: 'differing', label: t('waiting'), content: <List projectId={projectId} list="differing" /> },
          { id: 'decided', label: t('decided'), content: <List projectId={projectId} list="decided" /> },
        ]}
      />
      <DecisionsSetting projectId={projectId} />
    </Page>
  );
}

function List({ projectId, list }: { projectId: string; list: ReviewQueueQuery['list'] }) {
  const t = useTranslations('adjudicate');
  const path = `/projects/${projectId}/review-queue?list=${list}`;
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery<
    ReviewQueue,
    ApiError
  >({
    queryKey: apiKey(path),
    queryFn: ({ pageParam, signal }) => api<ReviewQueue>(pageParam ? `${path}&after=${pageParam}` : path, { signal }),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    refetchOnMount: 'always',
  });
  if (!data) {
    return error ? <ErrorState error={error} onRetry={() => refetch()} /> : <LoadingState label={t('loadingQueue')} />;
  }
  const items = data.pages.flatMap((page) => page.items);
  const [first] = items;
  if (!first) {
    return (
      <EmptyState
        icon={<Scale className="size-5" />}
        title={t(list === 'differing' ? 'nothingWaits' : 'nothingDecided')}
      >
        {t(list === 'differing' ? 'nothingWaitsHint' : 'nothingDecidedHint')}
      </EmptyState>
    );
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {list === 'differing' ? (
        <LinkButton
          variant="primary"
          className="justify-self-start"
          href={`/projects/${projectId}/adjudicate/${first.promptId}`}
        >
          {t('begin')}
        </LinkButton>
      ) : null}
      <Card flush>
        <ul aria-label={t(list === 'differing' ? 'waiting' : 'decided')} className="divide-y divide-line">
          {items.map((item) => (
            <Row key={item.promptId} projectId={projectId} item={item} />
          ))}
        </ul>
      </Card>
      {hasNextPage ? (
        <Button className="justify-self-start" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('showMore')}
        </Button>
      ) : null}
    </div>
  );
}

function Row({ projectId, item }: { projectId: string; item: ReviewItem }) {
  const t = useTranslations('adjudicate');
  const { formatPercent, formatDateTime } = useFormats();
  const { promptId, externalId, beginning, disagreement, annotators, decidedAt, sentBack } = item;
  const facts = [
    t('annotators', { count: annotators }),
    t('differ', { percent: formatPercent(disagreement / 1000) }),
    ...(decidedAt ? [t('decidedAt', { time: formatDateTime(decidedAt) })] : []),
  ];
  return (
    <PromptListItem
      href={`/projects/${projectId}/${decidedAt ? 'prompts' : 'adjudicate'}/${promptId}`}
      externalId={externalId}
      excerpt={beginning}
      facts={facts}
      badges={
        <>
          {sentBack.open > 0 ? <Badge tone="warn">{t('waitForAnnotator', { count: sentBack.open })}</Badge> : null}
          {sentBack.answered > 0 ? <Badge tone="good">{t('cameBack', { count: sentBack.answered })}</Badge> : null}
        </>
      }
    />
  );
}
