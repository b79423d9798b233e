'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui';
import { Tabs } from '@/components/ui/tabs';
import { useDeviceOption } from '@/components/ui/use-device-choice';
import type { CodeSample, DescribedOperation } from '@/lib/schemas/open-api';

const LANGUAGES = ['curl', 'Python', 'TypeScript'] as const;

/** The operation's example in each language; which one is open is the same for all, and remembered. */
export function CodeSamples({ operation: { id, samples } }: { operation: DescribedOperation }) {
  const t = useTranslations('apiReference');
  const [language, choose] = useDeviceOption<string>('api-language', LANGUAGES, 'curl');
  return (
    <Tabs
      label={t('exampleOf', { operation: id })}
      selected={language}
      onSelect={choose}
      items={samples.map((sample) => ({
        id: sample.label,
        label: <span dir="ltr">{sample.label}</span>,
        content: <Sample sample={sample} id={id} />,
      }))}
    />
  );
}

function Sample({ sample: { label, source }, id }: { sample: CodeSample; id: string }) {
  const t = useTranslations('apiReference');
  const code = useRef<HTMLPreElement>(null);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(source);
      setCopied(true);
    } catch {
      // Without clipboard permission, or on plain http, the text is selected for copying by hand.
      if (code.current) getSelection()?.selectAllChildren(code.current);
    }
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <div className="-mt-2">
      <div className="mb-1.5 flex justify-end">
        <Button
          size="sm"
          icon={<Icon aria-hidden="true" className="size-4" />}
          aria-label={t('copyExample', { language: label, operation: id })}
          onClick={copy}
        >
          {isCopied ? t('copied') : t('copy')}
        </Button>
      </div>
      <section
        dir="ltr"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wider than the page, it is scrolled by keys, too
        tabIndex={0}
        aria-label={t('exampleIn', { language: label, operation: id })}
        className="overflow-x-auto rounded-md border border-line bg-sunken"
      >
        <pre ref={code} className="w-max p-3 font-mono text-[0.8125rem] leading-relaxed">
          <code>{source}</code>
        </pre>
      </section>
      <p role="status" className="sr-only">
        {isCopied ? t('exampleCopied') : ''}
      </p>
    </div>
  );
}
