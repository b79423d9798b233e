import { publicRoute } from '@/lib/http/route';
import { viewInvite } from '@/lib/services/invites';

export const GET = publicRoute<{ token: string }>(({ db, params }) => viewInvite(db, params.token));
