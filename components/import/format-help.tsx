'use client';

import { useTranslations } from 'next-intl';
import { Card, CardHeader } from '@/components/ui/card';

const example = `{"id": "q1", "prompt": "Why is the sky blue?", "responses": [
   {"text": "Air scatters short wavelengths most.", "source": "human"},
   {"text": "It mirrors the sea.", "source": "model-a"}]}`;

/** Whose rows lib/formats/shapes reads; names are the same in every language. */
const otherPrograms = [
  'TRL',
  'UltraFeedback',
  'Nectar',
  'HelpSteer',
  'HH-RLHF',
  'OpenAssistant',
  'Chatbot Arena',
  'RewardBench',
  'PKU-SafeRLHF',
  'Tulu',
  'Skywork',
  'ShareGPT',
  'Alpaca',
  'e-SNLI',
  'Label Studio',
  'Argilla',
];

/** What a file has to look like. */
export function FormatHelp() {
  const t = useTranslations('import');
  return (
    <Card>
      <CardHeader title={t('format')} description={t('formatHint')} className="mb-3" />
      <pre
        dir="ltr"
        className="overflow-x-auto whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-[0.78rem] leading-relaxed"
      >
        {example}
      </pre>
      <dl className="mt-4 grid gap-2.5 text-sm">
        {[
          ['id', t('idHint')],
          ['prompt', t('promptHint')],
          ['documents', t('documentsHint')],
          ['responses', t('responsesHint')],
          ['reference_label', t('referenceLabelHint')],
        ].map(([name, text]) => (
          <div key={name}>
            <dt className="font-medium font-mono text-[0.8125rem]">{name}</dt>
            <dd className="text-soft">{text}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-sm text-soft">
        {t('otherFormats')} <bdi dir="auto">{otherPrograms.join(' · ')}</bdi>
      </p>
    </Card>
  );
}
