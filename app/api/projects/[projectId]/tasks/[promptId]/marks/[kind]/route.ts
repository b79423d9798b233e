import * as z from 'zod';
import { parse, readJson, route } from '@/lib/http/route';
import { promptMarkSchema } from '@/lib/schemas/prompt-mark';
import { markPrompt, unmarkPrompt } from '@/lib/services/prompt-marks';

type Params = { projectId: string; promptId: string; kind: string };
const kindSchema = z.enum(['skipped', 'flagged']);
const bodySchema = z.record(z.string(), z.unknown());

/** The mark is a state: PUT sets it, DELETE takes it away, both as often as one likes. */
export const PUT = route<Params>(async ({ actor, db, request, params }) => {
  const kind = parse(kindSchema, params.kind);
  const mark = parse(promptMarkSchema, { ...(await readJson(request, bodySchema)), kind });
  await markPrompt(actor, db, params.projectId, params.promptId, mark);
  return new Response(null, { status: 204 });
});

export const DELETE = route<Params>(async ({ actor, db, params }) => {
  await unmarkPrompt(actor, db, params.projectId, params.promptId, parse(kindSchema, params.kind));
  return new Response(null, { status: 204 });
});
