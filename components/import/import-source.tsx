'use client';

import { FileText, Upload } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type DragEvent, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { TextArea } from '@/components/ui/field';
import { Tabs } from '@/components/ui/tabs';

/** The file or pasted text to import, with a name to show. */
export type Source = { name: string; body: Blob };

/** Lets the person drop or pick a file to import, or paste lines. */
export function ImportSource({ onSource }: { onSource: (source: Source) => void }) {
  const t = useTranslations('import');
  const [pasted, setPasted] = useState('');
  return (
    <Tabs
      label={t('importFrom')}
      items={[
        {
          id: 'file',
          label: t('file'),
          content: <DropZone onFile={(file) => onSource({ name: file.name, body: file })} />,
        },
        {
          id: 'paste',
          label: t('paste'),
          content: (
            <div className="grid justify-items-start gap-3">
              <TextArea
                label={t('pasteLabel')}
                className="w-full"
                rows={10}
                mono
                spellCheck={false}
                value={pasted}
                onChange={(event) => setPasted(event.target.value)}
              />
              <Button
                variant="primary"
                disabled={pasted.trim() === ''}
                onClick={() => onSource({ name: t('pastedText'), body: new Blob([pasted]) })}
              >
                {t('preview')}
              </Button>
            </div>
          ),
        },
      ]}
    />
  );
}

function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const t = useTranslations('import');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same for everybody
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classNames(
        'flex flex-col items-center rounded-lg border-2 border-dashed px-6 py-12 text-center transition-colors',
        over ? 'border-accent bg-accent-wash' : 'border-edge/50',
      )}
    >
      <Upload aria-hidden="true" className="mb-3 size-6 text-faint" />
      <p className="font-medium">{t('dropFile')}</p>
      <p className="mt-0.5 mb-4 text-sm text-soft">{t('previewHint')}</p>
      <Button onClick={() => input.current?.click()} icon={<FileText aria-hidden="true" className="size-4" />}>
        {t('chooseFile')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".jsonl,.ndjson,.json,.csv,.tsv,.txt,.parquet,.gz,.zip,application/jsonl,application/x-ndjson"
        aria-label={t('jsonlFile')}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The value is cleared, so that choosing the same file again after correcting it fires a change event.
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
