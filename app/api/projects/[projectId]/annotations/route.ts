import { json, readJson, routeFor } from '@/lib/http/route';
import { saveAnnotationRequestSchema } from '@/lib/schemas/annotation';
import { saveAnnotation } from '@/lib/services/save-annotation';

export const POST = routeFor<{ projectId: string }>('annotate', async ({ actor, db, request, params }) => {
  const body = await readJson(request, saveAnnotationRequestSchema);
  const { created, ...saved } = await saveAnnotation(actor, db, params.projectId, body);
  return json(saved, { status: created ? 201 : 200 });
});
