import type { Translator } from '@/lib/i18n/translator';
import type { GoldComparison } from '@/lib/schemas/gold';

/** How a judgement compares with the expected one, in words; an undefined share is said, never shown as a number. */
export function goldWords({ pairs, share }: GoldComparison, t: Translator<'annotate'>): string {
  if (share === null) return t('gold.nothing');
  if (share === 1) return t('gold.all');
  const count = (verdict: string) => pairs.filter((pair) => pair.verdict === verdict).length;
  return [
    t('gold.agreed', { agreed: count('agreed'), pairs: pairs.length }),
    ...(count('contradicted') > 0 ? [t('gold.contradicted', { count: count('contradicted') })] : []),
    ...(count('tied') > 0 ? [t('gold.tied', { count: count('tied') })] : []),
  ].join(' ');
}
