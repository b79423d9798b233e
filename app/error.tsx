'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('shell');
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5">
      <h1 className="font-semibold text-2xl tracking-tight">{t('pageFailed')}</h1>
      <p className="mt-2 mb-6 text-soft">
        {error.digest ? t('pageFailedHintWithNumber', { number: error.digest }) : t('pageFailedHint')}
      </p>
      <div>
        <Button variant="primary" onClick={reset}>
          {t('tryAgain')}
        </Button>
      </div>
    </main>
  );
}
