'use client';

import { useTranslations } from 'next-intl';
import type * as z from 'zod';
import { Dialog } from '@/components/ui';
import { useApi } from '@/components/ui/api';
import { ErrorState, LoadingState } from '@/components/ui/states';
import type { sharedMarksAnswerSchema } from '@/lib/schemas/prompt-mark';
import { MarkCard } from './mark-card';

type Prompt = { projectId: string; promptId: string };

function useFlags({ projectId, promptId }: Prompt) {
  const answer = useApi<z.infer<typeof sharedMarksAnswerSchema>>(`/projects/${projectId}/marks?prompt=${promptId}`, {
    fresh: true,
  });
  const flags = answer.data?.marks.filter(({ kind }) => kind === 'flagged');
  // Those that wait come first.
  return { ...answer, flags: flags?.sort((a, b) => Number(a.resolvedAt !== null) - Number(b.resolvedAt !== null)) };
}

/** The flags on one prompt, on its page; nothing where it has none. */
export function Flags(prompt: Prompt) {
  const t = useTranslations('marks');
  const { flags = [] } = useFlags(prompt);
  if (flags.length === 0) return null;
  return (
    <section aria-label={t('flags')} className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {flags.map((mark) => (
        <MarkCard
          key={mark.annotatorId}
          projectId={prompt.projectId}
          annotatorId={mark.annotatorId}
          annotator={mark.annotator}
          mark={mark}
        />
      ))}
    </section>
  );
}

/** The flags on a prompt of the list: each is resolved here, or opened again. */
export function FlagsDialog({ externalId, onClose, ...prompt }: Prompt & { externalId: string; onClose: () => void }) {
  const t = useTranslations('marks');
  const { flags, error, refetch } = useFlags(prompt);
  return (
    <Dialog title={t('flagsOf', { prompt: externalId })} isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      {flags ? (
        flags.length === 0 ? (
          <p className="text-sm text-soft">{t('noFlags')}</p>
        ) : (
          <Flags {...prompt} />
        )
      ) : error ? (
        <ErrorState error={error} onRetry={() => refetch()} />
      ) : (
        <LoadingState label={t('loadingFlags')} />
      )}
    </Dialog>
  );
}
