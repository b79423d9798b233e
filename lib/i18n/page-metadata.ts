import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type messages from '@/messages/en.json';

/** A page's metadata with a translated title: `export const generateMetadata = titled('train')`. */
export function pageMetadata(page: keyof (typeof messages)['titles'], rest: Metadata = {}): () => Promise<Metadata> {
  return async () => ({ ...rest, title: (await getTranslations('titles'))(page) });
}
