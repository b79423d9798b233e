/** With what the operations of the API are shown, by their ids: the page of the API runs on these, and a test runs them. */

export interface OperationExample {
  query?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, unknown>>;
  /** The JSON body, or the name of the file that is sent. */
  body?: unknown;
  /** Under which name a file that is answered is kept. */
  file?: string;
}

const PROMPTS = 'prompts.jsonl';
const BUNDLE = 'first.snapshot.jsonl';

export const operationExamples: Readonly<Record<string, OperationExample>> = {
  createProject: { body: { name: 'Short answers', tiers: ['Good', 'Fair', 'Bad'] } },
  updateProject: { body: { baseVersion: 1, overlap: 2 } },
  previewImport: { body: PROMPTS },
  importPrompts: { body: PROMPTS },
  startUpload: { body: { name: 'more-prompts.jsonl.gz', bytes: 120_000_000 } },
  appendToUpload: { headers: { 'upload-offset': 0 }, body: PROMPTS },
  listPrompts: { query: { sort: 'disagreed' } },
  exportAnnotations: { file: 'annotations.jsonl' },
  getLedger: { query: { outcome: 'dropped' } },
  exportLedger: { query: { format: 'csv' }, file: 'ledger.csv' },
  createSnapshot: {
    body: { name: 'First', strategy: 'hybrid', selection: { seed: 7, split: { validation: 10, test: 10 } } },
  },
  importSnapshot: { body: BUNDLE },
  renameSnapshot: { body: { name: 'As published' } },
  exportSnapshot: { query: { format: 'trl-conversational' }, file: 'trl.zip' },
  downloadPairs: { file: 'pairs.jsonl' },
  downloadRecords: { file: 'records.jsonl' },
  downloadHeader: { file: 'header.json' },
  downloadBundle: { file: BUNDLE },
};
