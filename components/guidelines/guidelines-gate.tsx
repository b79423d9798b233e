'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page-header';
import { Notice, useErrorMessage } from '@/components/ui/states';
import type { GuidelinesAnswer, GuidelineVersion } from '@/lib/schemas/guidelines';
import { GuidelinesChanges } from './guidelines-changes';
import { GuidelinesText } from './guidelines-text';
import { useAcknowledge } from './use-guidelines';

/** Replaces the next prompt until the current guidelines have been acknowledged; it shows what changed. */
export function GuidelinesGate({
  projectId,
  tiers,
  current,
  acknowledged,
}: {
  projectId: string;
  tiers: string[];
  current: GuidelineVersion;
  acknowledged: GuidelinesAnswer['acknowledged'];
}) {
  const errorMessage = useErrorMessage();
  const t = useTranslations('guidelines');
  const acknowledge = useAcknowledge(projectId);
  const [isFullText, setWhole] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Page width="narrow">
      <h1 ref={heading} tabIndex={-1} className="font-semibold text-[1.625rem] tracking-tight outline-none">
        {acknowledged ? t('changedTitle') : t('firstReadingTitle')}
      </h1>
      <p className="mt-1.5 mb-5 text-soft">{acknowledged ? t('changedHint') : t('firstReadingHint')}</p>
      <Card>
        {acknowledged && !isFullText ? (
          <GuidelinesChanges before={acknowledged} after={current} tiers={tiers} />
        ) : (
          <GuidelinesText guidelines={current} tiers={tiers} />
        )}
      </Card>
      {acknowledge.isError ? (
        <Notice tone="bad" className="mt-4">
          {errorMessage(acknowledge.error)}
        </Notice>
      ) : null}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        {acknowledged ? (
          <Button onClick={() => setWhole(!isFullText)}>{isFullText ? t('showChanges') : t('showFullText')}</Button>
        ) : null}
        <Button variant="primary" pending={acknowledge.isPending} onClick={() => acknowledge.mutate(current.version)}>
          {t('acknowledge')}
        </Button>
      </div>
    </Page>
  );
}
