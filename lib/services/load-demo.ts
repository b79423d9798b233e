import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Actor, authorize } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { demoProjects, lockDemo } from '@/lib/db/demo';
import { publicDir } from '@/lib/db/installation';
import { findProjectRole, upsertMember } from '@/lib/db/members';
import { insertProject } from '@/lib/db/projects';
import type { LoadedDemo } from '@/lib/schemas/project';
import { DEFAULT_TIERS } from '@/lib/schemas/tier-rules';
import { appendGuidelines } from './guidelines';
import { importPrompts } from './import-prompts';

const demos = [
  {
    name: 'Demo: premise and hypothesis',
    file: 'premise-hypothesis.jsonl',
    description:
      'Short premises and hypotheses; each response explains a verdict in one sentence. Written for this project, CC0.',
    guidelines:
      'Does the premise make the hypothesis true (entailment), false (contradiction), or leave it open (neutral)? Put the responses whose verdict and reason are both right on top; a right verdict with a weak reason goes below, a wrong verdict at the bottom.',
  },
  {
    name: 'Demo: questions over documents',
    file: 'documents.jsonl',
    description:
      'Questions with a few short documents; responses answer from them, or should have. Written for this project, CC0.',
    guidelines:
      'Answer from the documents only. The best responses are right, complete and say which document they rely on; a response that invents what no document says belongs at the bottom.',
  },
];

/**
 * Loads both demo projects on the first call and finds them on later ones. The actor becomes a researcher in them. It
 * is one transaction, so that a failure leaves no partial demo.
 */
export async function loadDemo(actor: Actor, db: Database): Promise<LoadedDemo> {
  authorize(actor, 'demo.load');
  const files = await Promise.all(
    demos.map(({ file }) => readFile(join(/*turbopackIgnore: true*/ publicDir(), 'demo', file))),
  );
  return db.transaction(async (tx) => {
    await lockDemo(tx);
    const loaded = await demoProjects(tx);
    const projectIds: string[] = [];
    for (const [i, { name, description, guidelines }] of demos.entries()) {
      let projectId = loaded.get(name);
      const isNew = projectId === undefined;
      projectId ??= (
        await insertProject(tx, {
          name,
          description,
          guidelines,
          tiers: DEFAULT_TIERS,
          isDemo: true,
          createdBy: actor.userId,
        })
      ).id;
      if ((await findProjectRole(tx, projectId, actor.userId)) === null) {
        await upsertMember(tx, { projectId, userId: actor.userId, role: 'researcher' });
      }
      if (isNew) {
        await appendGuidelines(actor, tx, { id: projectId, tiers: DEFAULT_TIERS }, { body: guidelines }, null);
        await importPrompts(actor, tx, projectId, files[i]!);
      }
      projectIds.push(projectId);
    }
    return { projectIds };
  });
}
