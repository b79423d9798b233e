import { route } from '@/lib/http/route';
import { loadDemo } from '@/lib/services/load-demo';

export const POST = route(({ actor, db }) => loadDemo(actor, db));
