import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { annotatorTallies, importedAnnotators, users } from '@/drizzle/schema';
import type { ImportedKind } from '@/lib/schemas/annotator-kinds';
import type { ImportedAnnotator } from '@/lib/schemas/people';
import type { Database } from './client';
import type { User } from './users';

/** Whoever made an annotation: a person, or an imported annotator. */
export async function findAnnotator(db: Database, annotatorId: string): Promise<User | null> {
  const [row] = await db.select().from(users).where(eq(users.id, annotatorId));
  return row ?? null;
}

/** Name -> id of the project's imported annotators, in the order in which they came. */
export async function importedAnnotatorIds(db: Database, projectId: string): Promise<Map<string, string>> {
  const rows = await db
    .select({ name: importedAnnotators.name, id: importedAnnotators.userId })
    .from(importedAnnotators)
    .where(eq(importedAnnotators.projectId, projectId))
    .orderBy(asc(importedAnnotators.createdAt), asc(importedAnnotators.name));
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/** By name, with how many prompts there are judgements of. */
export async function listImported(db: Database, projectId: string): Promise<ImportedAnnotator[]> {
  const rows = await db
    .select({ userId: users.id, name: users.name, kind: users.kind, prompts: annotatorTallies.prompts })
    .from(importedAnnotators)
    .innerJoin(users, eq(users.id, importedAnnotators.userId))
    .leftJoin(
      annotatorTallies,
      and(eq(annotatorTallies.projectId, projectId), eq(annotatorTallies.annotatorId, importedAnnotators.userId)),
    )
    .where(eq(importedAnnotators.projectId, projectId))
    .orderBy(asc(users.name));
  return rows.map(({ kind, prompts, ...row }) => ({ ...row, kind: kind as ImportedKind, prompts: prompts ?? 0 }));
}

/** @returns whether the project has this imported annotator */
export async function setKindOfImported(
  tx: Database,
  projectId: string,
  userId: string,
  kind: ImportedKind,
): Promise<boolean> {
  const own = tx
    .select({ id: importedAnnotators.userId })
    .from(importedAnnotators)
    .where(eq(importedAnnotators.projectId, projectId));
  const changed = await tx
    .update(users)
    .set({ kind, updatedAt: new Date() })
    .where(and(eq(users.id, userId), inArray(users.id, own)))
    .returning({ id: users.id });
  return changed.length > 0;
}

/** The ids of the project's imported annotators that are models, sorted. */
export async function modelAnnotatorIds(db: Database, projectId: string): Promise<string[]> {
  const rows = await db
    .select({ id: users.id })
    .from(importedAnnotators)
    .innerJoin(users, eq(users.id, importedAnnotators.userId))
    .where(and(eq(importedAnnotators.projectId, projectId), eq(users.kind, 'model')))
    .orderBy(asc(users.id));
  return rows.map(({ id }) => id);
}

/** Adds those that the project does not have by name; who is there stays of the kind that he, she or it is. */
export async function addImportedAnnotators(
  tx: Database,
  projectId: string,
  names: readonly string[],
  kind: ImportedKind,
): Promise<void> {
  const known = await importedAnnotatorIds(tx, projectId);
  const added = [...new Set(names)].filter((name) => !known.has(name)).map((name) => ({ id: randomUUID(), name }));
  if (added.length === 0) return;
  // An address that no message can be sent to: the top-level domain is reserved for names that do not exist.
  await tx.insert(users).values(added.map((one) => ({ ...one, kind, email: `${one.id}@imported.invalid` })));
  await tx.insert(importedAnnotators).values(added.map(({ id, name }) => ({ userId: id, projectId, name })));
}
