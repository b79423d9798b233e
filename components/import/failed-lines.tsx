'use client';

import { useTranslations } from 'next-intl';
import { ApiError } from '@/components/ui/api';
import { Notice } from '@/components/ui/states';
import type { LineError } from '@/lib/schemas/prompt-import';

/** The lines that an answer names. */
export function badLines(error: unknown): LineError[] {
  const details = error instanceof ApiError ? error.details : undefined;
  return Array.isArray(details) ? details : ((details as { errors?: LineError[] } | undefined)?.errors ?? []);
}

/**
 * Lines that the import refuses although the preview accepted them: it looks at the beginning of a large file, and somebody
 * may have imported in between.
 */
export function FailedLines({ error }: { error: unknown }) {
  const t = useTranslations('import');
  const lines = badLines(error);
  if (lines.length === 0) return null;
  return (
    <Notice tone="warn">
      <ul className="grid gap-1">
        {lines.slice(0, 20).map((line) => (
          <li key={`${line.line}-${line.message}`}>{t('lineProblem', { line: line.line, reason: line.message })}</li>
        ))}
      </ul>
    </Notice>
  );
}
