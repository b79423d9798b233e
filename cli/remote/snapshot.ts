/** `rescue snapshot` */
import * as z from 'zod';
import { type CommandIo, parseOptions, readJson, required } from '../../trainer/cli/command-line';
import { findProject } from './find';
import { requestWork } from './follow-job';
import { openServer, serverOptions } from './server-api';

const text = { type: 'string' } as const;

const createdSchema = z.object({
  created: z.boolean(),
  snapshot: z.object({
    id: z.string(),
    name: z.string(),
    hash: z.string(),
    promptCount: z.number(),
    pairCount: z.number(),
  }),
});

export async function createSnapshot(argv: readonly string[], io: CommandIo): Promise<number> {
  const values = parseOptions(argv, { ...serverOptions, project: text, name: text, strategy: text, selection: text });
  const name = required(values.name, '--name');
  const project = required(values.project, '--project');
  const selection = values.selection === undefined ? undefined : await readJson(values.selection);
  const server = openServer(values, io);
  const projectId = await findProject(server, project);
  const json = {
    name,
    ...(values.strategy && { strategy: values.strategy }),
    ...(selection !== undefined && { selection }),
  };
  const { created, snapshot } = await requestWork(server, createdSchema, {
    path: `/projects/${projectId}/snapshots`,
    label: 'snapshot',
    request: { json },
    io,
  });
  const { id, hash, promptCount: prompts, pairCount: pairs } = snapshot;
  if (!created) io.stderr.write(`rescue: nothing has changed since the snapshot "${snapshot.name}": it is the same\n`);
  io.stdout(`${JSON.stringify({ id, name: snapshot.name, hash, prompts, pairs, created })}\n`);
  return 0;
}
