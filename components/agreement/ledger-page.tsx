'use client';

import { Scale } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
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
} from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { Select } from '@/components/ui/field';
import { RowTh, Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import { OUTCOMES } from '@/lib/schemas/agreement';
import { type LedgerPage as LedgerAnswer, type LedgerPrompt, ledgerFormats } from '@/lib/schemas/ledger';
import { OutcomeBadge } from './outcome-badge';

/** For researchers: each pair of responses, who supports it, who contradicts it, and why it was kept or dropped. */
export function LedgerPage({ projectId }: { projectId: string }) {
  const t = useTranslations('agreement');
  const { formatNumber } = useFormats();
  const [outcome, setOutcome] = useState('');
  /** Where the pages that were turned to begin; the last one is shown. */
  const [pages, setPages] = useState<string[]>([]);
  const path = `/projects/${projectId}/agreement/ledger`;
  const query = new URLSearchParams(outcome === '' ? {} : { outcome });
  const exportPath = (format: string) =>
    `/api${path}/export?${new URLSearchParams({ ...(outcome && { outcome }), format })}`;
  const after = pages.at(-1);
  if (after !== undefined) query.set('after', after);
  const { data, error, refetch } = useApi<LedgerAnswer>(`${path}?${query}`, { fresh: true });
  const next = data?.next ?? null;
  const outcomeOption = (value: (typeof OUTCOMES)[number]) => ({ value, label: t(`outcomes.${value}`) });
  return (
    <Page>
      <PageHeader
        title={t('ledger')}
        description={t('ledgerIntro')}
        actions={ledgerFormats.map((format) => (
          <LinkButton key={format} href={exportPath(format)} prefetch={false} download>
            {t(`ledgerExport.${format}`)}
          </LinkButton>
        ))}
      />
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <Select
          label={t('whatBecameOfIt')}
          value={outcome}
          onChange={({ target }) => {
            setOutcome(target.value);
            setPages([]);
          }}
          options={[
            { value: '', label: t('allPairs') },
            { value: 'dropped', label: t('allDropped') },
            ...OUTCOMES.map(outcomeOption),
          ]}
          className="w-full sm:w-72"
        />
        {data ? (
          <p className="text-sm text-soft">
            {t('ruleInForce', {
              rule: t('ruleInWords', {
                quorum: data.rule.quorum === 'majority' ? t('majority') : t('atLeast', { count: data.rule.quorum }),
                against: formatNumber(data.rule.maxAgainst),
              }),
            })}{' '}
            <Link href={`/projects/${projectId}/agreement`} className="underline">
              {t('agreement')}
            </Link>
          </p>
        ) : null}
      </div>
      {error && !data ? (
        <ErrorState error={error} title={t('loadFailed')} onRetry={() => refetch()} />
      ) : !data ? (
        <LoadingState label={t('loadingLedger')} />
      ) : data.prompts.length === 0 ? (
        <EmptyState
          icon={<Scale className="size-5" />}
          title={next === null && pages.length === 0 && outcome === '' ? t('nothingJudged') : t('noSuchPairs')}
        >
          {next === null ? null : t('noneAmong', { count: data.looked })}
        </EmptyState>
      ) : (
        <Pairs prompts={data.prompts} nameOf={(id) => data.names[id] ?? id} projectId={projectId} />
      )}
      {pages.length > 0 || next !== null ? (
        <nav aria-label={t('ledger')} className="mt-4 flex gap-2">
          <Button disabled={pages.length === 0} onClick={() => setPages(pages.slice(0, -1))}>
            {t('previousPage')}
          </Button>
          <Button disabled={next === null} onClick={() => next !== null && setPages([...pages, next])}>
            {t('nextPage')}
          </Button>
        </nav>
      ) : null}
    </Page>
  );
}

function Pairs({
  prompts,
  nameOf,
  projectId,
}: {
  prompts: readonly LedgerPrompt[];
  nameOf: (id: string) => string;
  projectId: string;
}) {
  const t = useTranslations('agreement');
  return (
    <Card flush>
      <Table caption={t('ledger')}>
        <thead>
          <tr>
            <Th>{t('preferred')}</Th>
            <Th>{t('other')}</Th>
            <Th>{t('whatBecameOfIt')}</Th>
            <Th>{t('supporters')}</Th>
            <Th>{t('opponents')}</Th>
            <Th>{t('tiedBy')}</Th>
          </tr>
        </thead>
        <tbody>
          {prompts.map(({ promptId, externalId, isDecided, pairs }) => (
            <Fragment key={promptId}>
              <tr>
                <th scope="colgroup" colSpan={6} className="border-line border-b bg-sunken/50 px-4 py-2 text-start">
                  <Link href={`/projects/${projectId}/prompts/${promptId}`} className="font-medium underline">
                    <bdi>{externalId}</bdi>
                  </Link>
                  {isDecided ? (
                    <span className="ms-2 font-normal text-soft">
                      <Badge>{t('decided')}</Badge> {t('decidedHint')}
                    </span>
                  ) : null}
                </th>
              </tr>
              {pairs.map(({ better, worse, outcome, support, against, tied }) => (
                <tr key={JSON.stringify([better, worse])}>
                  <RowTh className="max-w-56 wrap-anywhere font-normal">
                    <bdi>{better}</bdi>
                  </RowTh>
                  <Td className="max-w-56 wrap-anywhere">
                    <bdi>{worse}</bdi>
                  </Td>
                  <Td className="whitespace-nowrap">
                    <OutcomeBadge outcome={outcome} />
                  </Td>
                  <People ids={support} nameOf={nameOf} />
                  <People ids={against} nameOf={nameOf} />
                  <People ids={tied} nameOf={nameOf} />
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function People({ ids, nameOf }: { ids: readonly string[]; nameOf: (id: string) => string }) {
  return (
    <Td className="min-w-32">
      {ids.length === 0 ? (
        <span className="text-faint">—</span>
      ) : (
        ids.map((id, at) => (
          <Fragment key={id}>
            {at > 0 ? ' · ' : ''}
            <bdi>{nameOf(id)}</bdi>
          </Fragment>
        ))
      )}
    </Td>
  );
}
