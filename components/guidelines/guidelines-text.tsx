import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { FormattedText } from '@/components/content/formatted-text';
import { textForm } from '@/components/content/text-form';
import { TierBadge } from '@/components/ui/tier';
import type { GuidelineVersion } from '@/lib/schemas/guidelines';

/** Text that is always rendered as Markdown, without detecting its format. */
export function MarkdownText({ text }: { text: string }) {
  const form = useMemo(() => ({ ...textForm(text), markdown: true }), [text]);
  return <FormattedText text={text} form={form} className="text-sm leading-relaxed" />;
}

/** The guidelines with one section of examples per tier. */
export function GuidelinesText({
  guidelines: { body, examples },
  tiers,
}: {
  guidelines: Pick<GuidelineVersion, 'body' | 'examples'>;
  tiers: string[];
}) {
  const t = useTranslations('guidelines');
  const ui = useTranslations('ui');
  // An older version may have examples for more tiers.
  const shown = examples
    .map((text, index) => ({ tier: tiers[index] ?? ui('tier', { number: index + 1 }), index, text }))
    .filter(({ text }) => text);
  return (
    <div className="grid gap-5">
      {body ? <MarkdownText text={body} /> : null}
      {shown.map(({ tier, index, text }) => (
        <section key={tier} aria-label={t('examplesTier', { tier })} className="break-inside-avoid">
          <h3 className="mb-1.5 flex items-center gap-2 font-semibold text-sm">
            <TierBadge index={index} tiers={tiers} className="max-w-full whitespace-normal! wrap-anywhere" />
            <span className="font-normal text-faint">{t('examples')}</span>
          </h3>
          <MarkdownText text={text} />
        </section>
      ))}
    </div>
  );
}
