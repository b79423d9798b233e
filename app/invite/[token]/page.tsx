import { InviteForm } from '@/components/account/invite-form';
import { pageMetadata } from '@/lib/i18n/page-metadata';

// The token is secret, so it must not be sent to other pages as a referrer.
export const generateMetadata = pageMetadata('invitation', { referrer: 'no-referrer', robots: 'noindex' });

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return <InviteForm token={token} />;
}
