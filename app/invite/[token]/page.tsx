import type { Metadata } from 'next';
import { InviteForm } from '@/components/account/invite-form';

// The token is a secret of its holder: no page that it links to may learn it.
export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer', robots: 'noindex' };

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return <InviteForm token={token} />;
}
