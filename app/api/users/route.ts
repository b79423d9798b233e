import { route } from '@/lib/http/route';
import { listUsers } from '@/lib/services/accounts';

export const GET = route(async ({ db, actor }) => ({ users: await listUsers(actor, db) }));
