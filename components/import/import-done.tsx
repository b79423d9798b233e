'use client';

import { useTranslations } from 'next-intl';
import { Button, LinkButton } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import { whatIsNew } from './what-is-new';

/** What an import has done, and where to go from there. */
export function ImportDone({
  projectId,
  result,
  onMore,
}: {
  projectId: string;
  result: ImportResult;
  onMore: () => void;
}) {
  const t = useTranslations('import');
  return (
    <Card className="grid gap-4">
      <div role="status">
        <CardHeader
          title={t('hasImported', {
            added: result.imported,
            extended: result.extended,
            what: whatIsNew(result.imported, result.extended),
          })}
          description={result.unchanged > 0 ? t('alreadyHere', { unchanged: result.unchanged }) : t('readyToAnnotate')}
        />
        {result.judgements ? (
          <p className="mt-1 text-sm text-soft">{t('hasJudgements', { judgements: result.judgements })}</p>
        ) : null}
        {result.leftOut ? <p className="mt-1 text-sm text-soft">{t('leftOut', { leftOut: result.leftOut })}</p> : null}
      </div>
      <div className="flex flex-wrap gap-2">
        <LinkButton href={`/projects/${projectId}/annotate`} variant="primary">
          {t('annotate')}
        </LinkButton>
        <Button onClick={onMore}>{t('importMore')}</Button>
      </div>
    </Card>
  );
}
