import { getTranslations } from 'next-intl/server';
import { AccountFrame } from '@/components/account/account-frame';
import { safeNext } from '@/components/account/safe-next';
import { SignInForm } from '@/components/account/sign-in-form';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('signIn');

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  const t = await getTranslations('account');
  return (
    <AccountFrame title={t('signIn')} description={t('tagline')}>
      <SignInForm next={safeNext(typeof next === 'string' ? next : null)} />
    </AccountFrame>
  );
}
