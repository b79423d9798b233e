import { annotationWriter } from '@/lib/formats/registry';
import { attachment, textStream } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { exportAnnotations } from '@/lib/services/export-annotations';

/** Everybody's annotations with comments, tags and highlights, one version per line. */
export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => {
  const { name, lines } = await exportAnnotations(actor, db, params.projectId, annotationWriter);
  return new Response(textStream(lines), {
    headers: attachment(annotationWriter.fileName(name), annotationWriter.mediaType),
  });
});
