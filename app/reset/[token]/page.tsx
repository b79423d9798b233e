import { ResetForm } from '@/components/account/reset-form';
import { pageMetadata } from '@/lib/i18n/page-metadata';

// The token is secret, so it must not be sent to other pages as a referrer.
export const generateMetadata = pageMetadata('reset', { referrer: 'no-referrer', robots: 'noindex' });

export default async function ResetPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return <ResetForm token={token} />;
}
