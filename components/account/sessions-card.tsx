'use client';

import { useTranslations } from 'next-intl';
import { api, useApi, useApiMutation } from '@/components/ui/api';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { ErrorState, LoadingState, Notice, useErrorMessage } from '@/components/ui/states';
import { useToast } from '@/components/ui/toast';
import { useFormats } from '@/components/ui/use-formats';
import type { Session, SessionsAnswer } from '@/lib/schemas/people';
import { browserName } from './browser-name';

/** The browsers in which the person is signed in. */
export function SessionsCard() {
  const t = useTranslations('account');
  const errorMessage = useErrorMessage();
  const toast = useToast();
  const sessions = useApi<SessionsAnswer>('/me/sessions', { fresh: true });
  const end = useApiMutation(
    (json: { sessionId?: string }) => api('/me/sessions', { method: 'DELETE', json }),
    ['/me/sessions'],
    () => toast(t('sessionsEnded'), 'good'),
  );
  const all = sessions.data?.sessions ?? [];
  return (
    <Card>
      <CardHeader
        title={t('sessions')}
        description={t('sessionsHint')}
        actions={
          all.length > 1 ? (
            <Button size="sm" pending={end.isPending && !end.variables.sessionId} onClick={() => end.mutate({})}>
              {t('endOtherSessions')}
            </Button>
          ) : null
        }
      />
      {sessions.isError ? (
        <ErrorState error={sessions.error} onRetry={() => sessions.refetch()} />
      ) : sessions.data ? (
        <ul className="mt-3 -mb-2 divide-y divide-line">
          {all.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              pending={end.isPending && end.variables.sessionId === session.id}
              onEnd={() => end.mutate({ sessionId: session.id })}
            />
          ))}
        </ul>
      ) : (
        <LoadingState label={t('loadingSessions')} rows={1} />
      )}
      {end.isError ? <Notice tone="bad">{errorMessage(end.error)}</Notice> : null}
    </Card>
  );
}

function SessionRow({ session, pending, onEnd }: { session: Session; pending: boolean; onEnd: () => void }) {
  const t = useTranslations('account');
  const { formatDateTime } = useFormats();
  const name = browserName(session.browser) ?? t('unknownBrowser');
  return (
    <li className="flex items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium text-sm">
          <bdi>{name}</bdi>
          {session.current ? <Badge tone="good">{t('thisBrowser')}</Badge> : null}
        </p>
        <p className="text-[0.8125rem] text-faint">
          {t('lastUsed', { time: formatDateTime(session.lastUsedAt) })}
          {session.address ? (
            <>
              {' · '}
              <bdi>{session.address}</bdi>
            </>
          ) : null}
        </p>
      </div>
      {session.current ? null : (
        <Button
          size="sm"
          pending={pending}
          aria-label={t('endSessionOf', { name, time: formatDateTime(session.lastUsedAt) })}
          onClick={onEnd}
        >
          {t('endSession')}
        </Button>
      )}
    </li>
  );
}
