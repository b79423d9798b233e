import { attachment, textStream } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { exportAnnotations } from '@/lib/services/export-annotations';

/** Everybody's annotations with comments, tags and marks, one version a line. */
export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => {
  const { name, lines } = await exportAnnotations(actor, db, params.projectId);
  return new Response(textStream(lines), {
    headers: attachment(`${name}-annotations.jsonl`, 'application/x-ndjson; charset=utf-8'),
  });
});
