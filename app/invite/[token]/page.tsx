import { InviteForm } from '@/components/account/invite-form';
import { titled } from '@/lib/i18n/page-title';

// The token is a secret of its holder: no page that it links to may learn it.
export const generateMetadata = titled('invitation', { referrer: 'no-referrer', robots: 'noindex' });

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return <InviteForm token={token} />;
}
