'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi } from '@/components/ui/api';
import { Button, LinkButton } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Select } from '@/components/ui/field';
import { Page, PageHeader } from '@/components/ui/page-header';
import { EmptyState, ErrorState, LoadingState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { useFormats } from '@/components/ui/use-formats';
import { type AuditEntry, type AuditPage as AuditPageAnswer, auditKinds } from '@/lib/schemas/audit';
import type { AccountsAnswer } from '@/lib/schemas/people';
import { useMe } from './use-me';

/** Who did what, newest first. */
export function AuditPage() {
  const t = useTranslations('account');
  const me = useMe();
  const isAdmin = me.data?.user?.role === 'admin';
  const [filter, setFilter] = useState({ kind: '', person: '' });
  /** Where the pages that were turned to begin; the last one is shown. */
  const [pages, setPages] = useState<string[]>([]);
  const users = useApi<AccountsAnswer>('/users', { enabled: isAdmin });
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  const exportPath = `/api/audit/export?${query}`;
  const after = pages.at(-1);
  if (after) query.set('after', after);
  const log = useApi<AuditPageAnswer>(`/audit?${query}`, { enabled: isAdmin, fresh: true });

  if (me.data && !isAdmin) {
    return (
      <Page>
        <PageHeader title={t('auditLog')} />
        <p className="text-soft">{t('administratorsOnly')}</p>
      </Page>
    );
  }
  const change = (part: Partial<typeof filter>) => {
    setFilter({ ...filter, ...part });
    setPages([]);
  };
  const next = log.data?.next;
  return (
    <Page>
      <PageHeader
        title={t('auditLog')}
        description={t('auditIntro')}
        actions={
          <LinkButton href={exportPath} prefetch={false} download>
            {t('exportCsv')}
          </LinkButton>
        }
      />
      <div className="mb-4 grid gap-3 sm:max-w-2xl sm:grid-cols-2">
        <Select
          label={t('auditKind')}
          value={filter.kind}
          onChange={(event) => change({ kind: event.target.value })}
          options={[
            { value: '', label: t('allKinds') },
            ...auditKinds.map((kind) => ({ value: kind, label: t(`auditKinds.${kind}`) })),
          ]}
        />
        <Select
          label={t('auditPerson')}
          value={filter.person}
          onChange={(event) => change({ person: event.target.value })}
          options={[
            { value: '', label: t('everybody') },
            ...(users.data?.users ?? []).map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
          ]}
        />
      </div>
      {log.isError ? (
        <ErrorState error={log.error} onRetry={() => log.refetch()} />
      ) : !log.data ? (
        <LoadingState label={t('loadingAudit')} />
      ) : log.data.entries.length === 0 ? (
        <EmptyState title={t('noEntries')} />
      ) : (
        <Card flush>
          <Table caption={t('auditLog')}>
            <thead>
              <tr>
                <Th>{t('auditTime')}</Th>
                <Th>{t('auditKind')}</Th>
                <Th>{t('auditActor')}</Th>
                <Th>{t('auditSubject')}</Th>
                <Th>{t('auditDetails')}</Th>
              </tr>
            </thead>
            <tbody>
              {log.data.entries.map((entry) => (
                <EntryRow key={entry.id} entry={entry} />
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      {pages.length > 0 || next ? (
        <nav aria-label={t('auditLog')} className="mt-4 flex gap-2">
          <Button disabled={pages.length === 0} onClick={() => setPages(pages.slice(0, -1))}>
            {t('newer')}
          </Button>
          <Button disabled={!next} onClick={() => next && setPages([...pages, next])}>
            {t('older')}
          </Button>
        </nav>
      ) : null}
    </Page>
  );
}

function EntryRow({ entry: { at, kind, actor, subject, details } }: { entry: AuditEntry }) {
  const t = useTranslations('account');
  const { formatDateTime } = useFormats();
  const facts = Object.values(details).filter((value) => value !== null);
  return (
    <tr>
      <Td className="whitespace-nowrap text-soft">{formatDateTime(at)}</Td>
      <Td className="whitespace-nowrap font-medium">{t(`auditKinds.${kind}`)}</Td>
      <Td>{actor ? <bdi title={actor.email}>{actor.name}</bdi> : '—'}</Td>
      <Td>{subject ? <bdi title={subject.email}>{subject.name}</bdi> : '—'}</Td>
      <Td className="text-soft">
        <bdi>{facts.join(' · ')}</bdi>
      </Td>
    </tr>
  );
}
