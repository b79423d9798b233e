import { getTranslations } from 'next-intl/server';
import { LinkButton } from '@/components/ui/button';

export default async function NotFound() {
  const t = await getTranslations('shell');
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5">
      <h1 className="font-semibold text-2xl tracking-tight">{t('pageNotFound')}</h1>
      <p className="mt-2 mb-6 text-soft">{t('pageNotFoundHint')}</p>
      <div>
        <LinkButton href="/">{t('goToProjects')}</LinkButton>
      </div>
    </main>
  );
}
