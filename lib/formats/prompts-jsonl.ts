import { canonicalJson } from '@/trainer/contract/canonical-json';
import { formatOfRow, kindOfRow, titleOfKind, unsupportedFile } from '@/trainer/data/file-kind';
import { issue } from '../schemas/issue';
import type { ImportedPrompt } from '../schemas/prompt-import';
import type { FileRow } from './file-row';
import type { ParsedPrompts, PromptReader } from './format';
import { PromptList } from './prompt-list';

async function readPromptRows(rows: AsyncIterable<FileRow>): Promise<ParsedPrompts> {
  const list = new PromptList();
  let count = 0;
  for await (const row of rows) {
    const { line } = row;
    if ('ends' in row) {
      list.refuse(line, [row.error], true);
      break;
    }
    if (!list.count(line)) break;
    count++;
    if ('error' in row) {
      list.refuse(line, [row.error]);
      continue;
    }
    const { value } = row;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      list.refuse(line, [issue('notObject')]);
      continue;
    }
    const format = formatOf(value);
    if (format) {
      list.refuse(line, [unsupportedFile(format)]);
      // If the first line is of another format, so are all others.
      if (count === 1) break;
      continue;
    }
    list.add(line, value, row.repeatedKeys);
  }
  const { title } = promptsJsonl;
  return {
    ...list.end(),
    judgements: [],
    found: { title, fields: [], rows: count, merged: 0, judgements: 0, pairs: 0 },
  };
}

/** The other format of a row. A value with both fields is an import line that may have mistakes in it. */
function formatOf(value: object) {
  return 'prompt' in value && 'responses' in value ? null : formatOfRow(value);
}

/** The text whose hash decides whether a re-imported prompt has the same content, which has no language and no priority. */
export function promptContent({ language: _, priority: __, ...content }: ImportedPrompt): string {
  return canonicalJson(content);
}

/** Import files. Records of snapshots can be imported too. */
export const promptsJsonl: PromptReader = {
  id: 'prompts',
  title: titleOfKind('prompts'),
  holds: 'prompts',
  sniff: ({ row }) => ['prompts', 'records'].includes(kindOfRow(row)?.id ?? ''),
  read: readPromptRows,
};
