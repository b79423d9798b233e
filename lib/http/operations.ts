/**
 * What programs may do with an API key, by the route's path under app/api and its method: all that the OpenAPI document
 * lists, and nothing else. Answers are described in answer-schemas.ts.
 */
import * as z from 'zod';
import { createProjectSchema, updateProjectSchema } from '@/lib/schemas/account';
import type { ApiKeyScope } from '@/lib/schemas/api-key';
import { creationHeaderSchema } from '@/lib/schemas/creation';
import { momentQuerySchema } from '@/lib/schemas/cursor';
import { exportQuerySchema } from '@/lib/schemas/export';
import { importQuerySchema, previewQuerySchema } from '@/lib/schemas/import-preview';
import { jobQuerySchema } from '@/lib/schemas/job';
import { ledgerExportQuerySchema, ledgerQuerySchema } from '@/lib/schemas/ledger';
import { promptListQuerySchema } from '@/lib/schemas/prompt-list';
import { comparisonQuerySchema } from '@/lib/schemas/snapshot-comparison';
import { createSnapshotRequestSchema, renameSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { HASH_HEADER, OFFSET_HEADER, offsetSchema, startUploadSchema, UPLOAD_HEADER } from '@/lib/schemas/upload';
import { type Method, routeAt } from './body-limits';

export interface Operation {
  /** What a generated client calls it. */
  id: string;
  summary: string;
  /** What the summary leaves open. */
  description?: string;
  scope: ApiKeyScope;
  query?: z.ZodType;
  /** Headers beside those that every request has. */
  headers?: z.ZodType;
  /** 'file': the bytes of a file. */
  body?: z.ZodType | 'file';
}

const uploadHeader = z.object({
  [UPLOAD_HEADER]: z.uuid().optional().describe('The id of a complete upload, which takes the place of the body.'),
});
const importQuery = importQuerySchema.extend(jobQuerySchema.shape);

export const operations: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>> = {
  projects: {
    GET: {
      id: 'listProjects',
      summary: 'List the projects that you see, page by page',
      scope: 'read',
      query: momentQuerySchema,
    },
    POST: {
      id: 'createProject',
      summary: 'Create a project',
      scope: 'projects',
      headers: creationHeaderSchema,
      body: createProjectSchema,
    },
  },
  'projects/[projectId]': {
    GET: { id: 'getProject', summary: 'Settings, members and counts of a project', scope: 'read' },
    PATCH: { id: 'updateProject', summary: 'Change settings', scope: 'projects', body: updateProjectSchema },
  },
  'projects/[projectId]/import/preview': {
    POST: {
      id: 'previewImport',
      summary: 'What a file would add; nothing is written',
      description: 'Says what the file is and why, counts, shows the first prompts, and lists what is wrong, by line.',
      scope: 'import',
      query: previewQuerySchema,
      headers: uploadHeader,
      body: 'file',
    },
  },
  'projects/[projectId]/import': {
    POST: {
      id: 'importPrompts',
      summary: 'Add prompts and responses. The same file twice adds nothing the second time',
      description:
        'JSON Lines, a JSON array, CSV, TSV or Parquet, plain or packed, in any of the shapes that the Import page reads: what a file is, it says by its content. All of it is imported, or nothing, with the first lines that are wrong in `details`.',
      scope: 'import',
      query: importQuery,
      headers: uploadHeader.extend(creationHeaderSchema.shape),
      body: 'file',
    },
  },
  'projects/[projectId]/uploads': {
    POST: {
      id: 'startUpload',
      summary: 'Begin to send a large file in pieces, or go on with the same one',
      description:
        'The same name and number of bytes is the same upload: `offset` says where to go on. Send the pieces, finish it, and name it in the header `x-upload` of the import.',
      scope: 'import',
      body: startUploadSchema,
    },
  },
  'uploads/[uploadId]': {
    GET: { id: 'getUpload', summary: 'How much of a file has arrived', scope: 'import' },
    PATCH: {
      id: 'appendToUpload',
      summary: 'Send the next piece of a file',
      scope: 'import',
      headers: z.object({ [OFFSET_HEADER]: offsetSchema }),
      body: 'file',
    },
  },
  'uploads/[uploadId]/finish': {
    POST: {
      id: 'finishUpload',
      summary: 'Compare what has arrived with the file’s SHA-256',
      scope: 'import',
      headers: z.object({ [HASH_HEADER]: z.string().regex(/^[0-9a-f]{64}$/) }),
    },
  },
  'jobs/[jobId]': {
    GET: { id: 'getJob', summary: 'How far an import or a snapshot is that was sent with ?job=', scope: 'read' },
  },
  'projects/[projectId]/prompts/list': {
    GET: {
      id: 'listPrompts',
      summary: 'Search and list prompts, page by page',
      scope: 'read',
      query: promptListQuerySchema,
    },
  },
  'projects/[projectId]/annotations/export': {
    GET: { id: 'exportAnnotations', summary: 'Every annotation, as JSON Lines', scope: 'read' },
  },
  'projects/[projectId]/work': { GET: { id: 'getWork', summary: 'How people annotate', scope: 'read' } },
  'projects/[projectId]/progress': {
    GET: { id: 'getProgress', summary: 'Progress, forecast, bias and time', scope: 'read' },
  },
  'projects/[projectId]/agreement': {
    GET: { id: 'getAgreement', summary: 'How far annotators agree', scope: 'read' },
  },
  'projects/[projectId]/agreement/ledger': {
    GET: {
      id: 'getLedger',
      summary: 'What became of every pair, page by page',
      scope: 'read',
      query: ledgerQuerySchema,
    },
  },
  'projects/[projectId]/agreement/ledger/export': {
    GET: {
      id: 'exportLedger',
      summary: 'What became of every pair, as one file',
      scope: 'read',
      query: ledgerExportQuerySchema,
    },
  },
  'projects/[projectId]/snapshots': {
    GET: {
      id: 'listSnapshots',
      summary: 'List the snapshots of a project, page by page',
      scope: 'read',
      query: momentQuerySchema,
    },
    POST: {
      id: 'createSnapshot',
      summary: 'Freeze prompts, responses and pairs as they are now',
      description: 'Where the same content was frozen before, the answer is that snapshot, with `created: false`.',
      scope: 'snapshots',
      query: jobQuerySchema,
      headers: creationHeaderSchema,
      body: createSnapshotRequestSchema,
    },
  },
  'projects/[projectId]/snapshots/import': {
    POST: {
      id: 'importSnapshot',
      summary: 'Add a snapshot from its file',
      scope: 'snapshots',
      query: jobQuerySchema,
      headers: uploadHeader.extend(creationHeaderSchema.shape),
      body: 'file',
    },
  },
  'projects/[projectId]/runs': {
    GET: {
      id: 'listRuns',
      summary: 'List the runs of a project, page by page',
      scope: 'read',
      query: momentQuerySchema,
    },
  },
  'runs/[runId]': { GET: { id: 'getRun', summary: 'One run with its measurements', scope: 'read' } },
  'snapshots/[snapshotId]': {
    GET: { id: 'getSnapshot', summary: 'One snapshot’s settings and counts', scope: 'read' },
    PATCH: {
      id: 'renameSnapshot',
      summary: 'Change the name; what is frozen stays, exports included',
      scope: 'snapshots',
      body: renameSnapshotRequestSchema,
    },
  },
  'snapshots/[snapshotId]/compare/[otherSnapshotId]': {
    GET: {
      id: 'compareSnapshots',
      summary: 'What came, went and changed from one snapshot to another, page by page',
      scope: 'read',
      query: comparisonQuerySchema,
    },
  },
  'snapshots/[snapshotId]/contents': {
    GET: {
      id: 'getSnapshotContents',
      summary: 'Lengths, sources, and what the splits of a snapshot share',
      scope: 'read',
    },
  },
  'snapshots/[snapshotId]/export': {
    GET: {
      id: 'exportSnapshot',
      summary: 'A snapshot as a trainer reads it: a ZIP archive with a README',
      scope: 'read',
      query: exportQuerySchema,
    },
  },
  'snapshots/[snapshotId]/pairs': {
    GET: { id: 'downloadPairs', summary: 'Preference pairs, as JSON Lines that TRL reads', scope: 'read' },
  },
  'snapshots/[snapshotId]/records': {
    GET: { id: 'downloadRecords', summary: 'The records of a snapshot, as JSON Lines', scope: 'read' },
  },
  'snapshots/[snapshotId]/header': {
    GET: { id: 'downloadHeader', summary: 'The header of a snapshot', scope: 'read' },
  },
  'snapshots/[snapshotId]/bundle': {
    GET: { id: 'downloadBundle', summary: 'A whole snapshot in one file', scope: 'read' },
  },
};

/** What a request with a key asks for; undefined where keys may not ask. `pathname` as the client wrote it. */
export const operationAt = (method: string, pathname: string): Operation | undefined =>
  operations[routeAt(pathname) ?? '']?.[method as Method];
