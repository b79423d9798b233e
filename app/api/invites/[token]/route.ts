import { publicRoute } from '@/lib/http/route';
import { lookAtInvite } from '@/lib/services/invites';

export const GET = publicRoute<{ token: string }>(({ db, params }) => lookAtInvite(db, params.token));
