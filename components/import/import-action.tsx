'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import type { ImportPreview as Preview } from '@/lib/schemas/import-preview';
import type { Source } from './import-source';
import { whatIsNew } from './what-is-new';

/** What an import would do, and the buttons that start it, map its columns or leave it. */
export function ImportAction({
  source,
  preview,
  withJudgements,
  onImport,
  onMap,
  isMapped,
  onCancel,
}: {
  source: Source;
  preview: Preview;
  /** The file has judgements, which are imported. */
  withJudgements: boolean;
  onImport: () => void;
  /** Lets the person say what the columns hold; null where the file has none. */
  onMap: (() => void) | null;
  isMapped: boolean;
  onCancel: () => void;
}) {
  const t = useTranslations('import');
  const { counts } = preview;
  const noPrompts = counts.new + counts.extended === 0;
  const nothingNew = preview.ok && noPrompts && !withJudgements;
  return (
    <Card className="flex flex-wrap items-center justify-between gap-4">
      <div className="min-w-0 flex-1 basis-64">
        <h2 className="truncate font-semibold">
          <bdi>{source.name}</bdi>
        </h2>
        <p role="status" className="text-sm text-soft">
          {preview.ok
            ? nothingNew
              ? t('nothingToImport')
              : noPrompts
                ? t('willImportJudgements')
                : t('willImport', {
                    added: counts.new,
                    extended: counts.extended,
                    what: whatIsNew(counts.new, counts.extended),
                  })
            : preview.canLeaveOut
              ? t('leaveOutHint', { added: counts.new })
              : t('cannotImport')}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onCancel}>{preview.ok ? t('cancel') : t('startOver')}</Button>
        {onMap ? <Button onClick={onMap}>{t(isMapped ? 'columns.change' : 'columns.map')}</Button> : null}
        {preview.ok && !nothingNew ? (
          <Button variant="primary" onClick={onImport}>
            {t('import')}
          </Button>
        ) : null}
        {preview.canLeaveOut ? <Button onClick={onImport}>{t('leaveOut')}</Button> : null}
      </div>
    </Card>
  );
}
