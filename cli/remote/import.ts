/** `rescue import` */
import * as z from 'zod';
import { judgementChoices } from '../../lib/schemas/import-preview';
import { UPLOAD_HEADER } from '../../lib/schemas/upload';
import { CommandError, type CommandIo, oneOf, parseOptions, required } from '../../trainer/cli/command-line';
import { findProject } from './find';
import { requestWork } from './follow-job';
import { openServer, serverOptions } from './server-api';
import { uploadFile } from './upload';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const lineSchema = z.object({ line: z.number(), message: z.string() });
const previewSchema = z.object({
  ok: z.boolean(),
  canLeaveOut: z.boolean(),
  errorCount: z.number(),
  errors: z.array(lineSchema),
  found: z.looseObject({ title: z.string() }),
  counts: z.looseObject({}),
});
const resultSchema = z.looseObject({ imported: z.number(), unchanged: z.number(), extended: z.number() });

export async function importFile(argv: readonly string[], io: CommandIo): Promise<number> {
  const options = { ...serverOptions, project: text, file: text, judgements: text, columns: text };
  const values = parseOptions(argv, { ...options, preview: flag, 'leave-out-bad-lines': flag });
  const path = required(values.file, '--file');
  const project = required(values.project, '--project');
  const judgements = oneOf(values.judgements, '--judgements', judgementChoices);
  const columns = { ...(values.columns !== undefined && { columns: values.columns }) };
  const server = openServer(values, io);
  const projectId = await findProject(server, project);
  const { upload } = await uploadFile(server, projectId, path, io);

  const headers = { [UPLOAD_HEADER]: upload };
  const previewAddress = `/projects/${projectId}/import/preview?${new URLSearchParams(columns)}`;
  const preview = await server.json(previewSchema, 'POST', previewAddress, { headers });
  const { ok, canLeaveOut, found, counts, errors, errorCount } = preview;
  for (const { line, message } of errors) io.stderr.write(`${path}:${line}: ${message}\n`);
  if (errorCount > errors.length) io.stderr.write(`and ${errorCount - errors.length} more\n`);
  if (values.preview) {
    io.stdout(`${JSON.stringify({ ok, found: found.title, counts, errors: errorCount })}\n`);
    return ok ? 0 : 1;
  }
  const leaveOut = values['leave-out-bad-lines'] === true && canLeaveOut;
  if (!ok && !leaveOut) {
    const hint = canLeaveOut ? '; --leave-out-bad-lines imports the others' : '';
    throw new CommandError(`${path} cannot be imported as it is, and nothing was written${hint}`);
  }
  const query = new URLSearchParams({
    ...columns,
    ...(judgements && { judgements }),
    ...(leaveOut && { 'bad-lines': 'leave-out' }),
  });
  const address = `/projects/${projectId}/import?${query}`;
  const result = await requestWork(server, resultSchema, { path: address, label: 'import', request: { headers }, io });
  io.stdout(`${JSON.stringify(result)}\n`);
  return 0;
}
