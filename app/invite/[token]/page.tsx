import { InviteForm } from '@/components/account/invite-form';
import { titled } from '@/lib/i18n/page-title';

// The token is secret, so it must not be sent to other pages as a referrer.
export const generateMetadata = titled('invitation', { referrer: 'no-referrer', robots: 'noindex' });

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return <InviteForm token={token} />;
}
