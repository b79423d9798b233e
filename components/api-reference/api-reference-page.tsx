'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { EmptyState, ErrorState, LoadingState, Page, PageHeader, TextField } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { type DescribedOperation, type OpenApiDocument, operationsOf, problemOf } from '@/lib/schemas/open-api';
import { OperationCard } from './operation-card';
import { byTag, found, searchable } from './search-operations';

/** What programs may ask, read off the document that describes it to programs. */
export function ApiReferencePage() {
  const t = useTranslations('apiReference');
  const document = useApi<OpenApiDocument>('/openapi.json');
  return (
    <Page width="wide">
      <PageHeader
        title={t('title')}
        description={t.rich('intro', {
          account: (text) => (
            <Link href="/account" className="underline">
              {text}
            </Link>
          ),
        })}
      />
      {document.isError ? (
        <ErrorState error={document.error} onRetry={() => document.refetch()} />
      ) : document.data ? (
        <Operations document={document.data} />
      ) : (
        <LoadingState label={t('loading')} />
      )}
    </Page>
  );
}

function Operations({ document }: { document: OpenApiDocument }) {
  const t = useTranslations('apiReference');
  const [looked, setLooked] = useState('');
  const showAll = useCallback(() => setLooked(''), []);
  const all = useMemo(() => operationsOf(document).map(searchable), [document]);
  const problem = useMemo(() => problemOf(document), [document]);
  const words = useDeferredValue(looked);
  const groups = useMemo(() => byTag(found(all, words)), [all, words]);
  const count = groups.reduce((sum, [, operations]) => sum + operations.length, 0);
  useOpenedLink(groups, showAll);
  return (
    <div className="gap-x-8 lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <div className="mb-5 lg:sticky lg:top-4 lg:max-h-[calc(100dvh-2rem)] lg:self-start lg:overflow-y-auto lg:p-1">
        <TextField
          label={t('search')}
          hint={t('searchHint')}
          type="search"
          dir="auto"
          value={looked}
          onChange={(event) => setLooked(event.target.value)}
        />
        <p role="status" className="mt-2 text-[0.8125rem] text-faint">
          {t('found', { count })}
        </p>
        <Contents groups={groups} />
      </div>
      <div className="grid min-w-0 content-start gap-5">
        <UsingIt />
        {groups.map(([tag, operations]) => (
          <section key={tag} aria-labelledby={tag} className="grid min-w-0 gap-4">
            <h2 id={tag} dir="ltr" className="scroll-mt-6 text-start font-mono font-semibold text-base">
              {tag}
            </h2>
            {operations.map((operation) => (
              <OperationCard key={operation.id} operation={operation} problem={problem} />
            ))}
          </section>
        ))}
        {count === 0 ? <EmptyState title={t('nothingFound')} /> : null}
      </div>
    </div>
  );
}

const targetOf = (hash: string) => window.document.getElementById(decodeURIComponent(hash.slice(1)));

function goTo(target: HTMLElement): void {
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}

/** A page that was opened at an operation is at its top until the document has come; and a search may hide where a link goes. */
function useOpenedLink(shown: unknown, showAll: () => void): void {
  const isSought = useRef(false);
  useEffect(() => {
    const open = () => {
      const target = targetOf(location.hash);
      if (target) goTo(target);
      else if (location.hash.length > 1) {
        isSought.current = true;
        showAll();
      }
    };
    open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [showAll]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown brings the target
  useEffect(() => {
    const target = isSought.current ? targetOf(location.hash) : null;
    if (!target) return;
    isSought.current = false;
    goTo(target);
  }, [shown]);
}

function Contents({ groups }: { groups: readonly [string, DescribedOperation[]][] }) {
  const t = useTranslations('apiReference');
  return (
    <nav aria-label={t('operations')} className="mt-4 hidden text-[0.8125rem] lg:block">
      <ul className="grid gap-3">
        {groups.map(([tag, operations]) => (
          <li key={tag} dir="ltr" className="font-mono">
            <a href={`#${tag}`} className="font-medium hover:underline">
              {tag}
            </a>
            <ul className="mt-1 grid gap-0.5">
              {operations.map(({ id }) => (
                <li key={id}>
                  <a href={`#${id}`} className="block rounded-sm py-0.5 text-soft hover:text-ink hover:underline">
                    {id}
                  </a>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What all examples need. */
function UsingIt() {
  const t = useTranslations('apiReference');
  const code = (text: string) => <code dir="ltr">{text}</code>;
  const download = (href: string, name: string) => (
    <a href={href} download className="underline">
      <span dir="ltr" className="font-mono text-[0.8125rem]">
        {name}
      </span>
    </a>
  );
  return (
    <div className="grid gap-2 text-sm text-soft">
      <p>
        {t.rich('environment', {
          server: () => code('RESCUE_SERVER'),
          key: () => code('RESCUE_API_KEY'),
          id: () => code('PROJECT_ID'),
        })}
      </p>
      <p>
        {t.rich('files', {
          document: () => download('/api/v1/openapi.json', 'openapi.json'),
          python: () => download('/api/v1/clients/rescue_studio.py', 'rescue_studio.py'),
          typescript: () => download('/api/v1/clients/rescue-studio.ts', 'rescue-studio.ts'),
        })}
      </p>
    </div>
  );
}
