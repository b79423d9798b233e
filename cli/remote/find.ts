/** Projects and snapshots of a server by what people call them. */
import * as z from 'zod';
import type { ListedSnapshot } from '../../lib/services/export-from-command-line';
import { CommandError } from '../../trainer/cli/command-line';
import type { ServerApi } from './server-api';

const uuid = z.uuid();
export const isId = (text: string) => uuid.safeParse(text).success;

const next = z.string().nullable();
const projectsSchema = z.object({ projects: z.array(z.object({ id: z.string(), name: z.string() })), next });
const snapshotsSchema = z.object({
  snapshots: z.array(z.object({ id: z.string(), name: z.string(), hash: z.string(), pairCount: z.number() })),
  next,
});

/** The pages of a list, to its end. */
async function* allPages<S extends z.ZodType<{ next: string | null }>>(
  server: ServerApi,
  schema: S,
  path: `/${string}`,
): AsyncGenerator<z.infer<S>> {
  for (let after = ''; ; ) {
    const page = await server.json(schema, 'GET', `${path}${after}`);
    yield page;
    if (page.next === null) return;
    after = `?after=${page.next}`;
  }
}

async function listProjects(server: ServerApi) {
  const found: z.infer<typeof projectsSchema>['projects'] = [];
  for await (const { projects } of allPages(server, projectsSchema, '/projects')) {
    for (const project of projects) found.push(project);
  }
  return found;
}

/** A project's id, from its id or its name. */
export async function findProject(server: ServerApi, named: string): Promise<string> {
  if (isId(named)) return named;
  const projects = await listProjects(server);
  const found = projects.filter(({ name }) => name === named);
  if (found.length === 1) return found[0]!.id;
  const lines = (found.length === 0 ? projects : found).map(({ id, name }) => `\n  ${id}  ${name}`).join('');
  throw new CommandError(
    found.length === 0
      ? `there is no project "${named}" that this key sees${lines && `; it sees:${lines}`}`
      : `"${named}" is the name of several projects; name one by its id:${lines}`,
  );
}

/** The snapshots of all projects that the key sees, or of one. */
export async function listSnapshots(server: ServerApi, project: string | undefined): Promise<ListedSnapshot[]> {
  const only = project === undefined ? undefined : await findProject(server, project);
  const projects = await listProjects(server);
  const found: ListedSnapshot[] = [];
  for (const { id, name: title } of projects.filter((one) => only === undefined || one.id === only)) {
    const snapshots = allPages(server, snapshotsSchema, `/projects/${id}/snapshots`);
    for await (const page of snapshots) {
      for (const { pairCount, ...one } of page.snapshots) found.push({ ...one, project: title, pairs: pairCount });
    }
  }
  return found;
}
