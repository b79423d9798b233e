import * as z from 'zod';
import { parse, route } from '@/lib/http/route';
import { getNextTasks } from '@/lib/services/tasks';

const querySchema = z.object({
  count: z.coerce.number().pipe(z.int().min(1).max(10)).default(2),
  exclude: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((id) => id !== ''))
    .pipe(z.array(z.uuid()).max(500)),
});

export const GET = route<{ projectId: string }>(({ actor, db, url, params }) =>
  getNextTasks(actor, db, params.projectId, parse(querySchema, Object.fromEntries(url.searchParams))),
);
