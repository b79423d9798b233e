import { createdAnswer } from '@/lib/http/created-answer';
import { routeFor } from '@/lib/http/route';
import { rotateSecret } from '@/lib/services/webhooks';

/** A new secret beside the one that is there: pressed twice with one key, it is one. */
export const POST = routeFor<{ projectId: string; webhookId: string }>('project.edit', (context) =>
  createdAnswer(context, {}, (db) => rotateSecret(context.actor, db, context.params)),
);
