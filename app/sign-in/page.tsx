import type { Metadata } from 'next';
import { AccountFrame } from '@/components/account/account-frame';
import { safeNext } from '@/components/account/safe-next';
import { SignInForm } from '@/components/account/sign-in-form';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  return (
    <AccountFrame title="Sign in" description="Sort responses, train on the tiers, re-rank.">
      <SignInForm next={safeNext(typeof next === 'string' ? next : null)} />
    </AccountFrame>
  );
}
