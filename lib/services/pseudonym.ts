import { createHash } from 'node:crypto';

/** A person has the same pseudonym throughout a project, and a different one in every other project. */
export function pseudonym(projectId: string, userId: string): string {
  return `annotator-${createHash('sha256').update(`${projectId}\n${userId}`).digest('hex').slice(0, 10)}`;
}
