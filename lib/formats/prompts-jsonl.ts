import { canonicalJson } from '@/trainer/contract/canonical-json';
import { formatOfRow, kindOfRow, titleOfKind, unsupportedFile } from '@/trainer/data/file-kind';
import { issue } from '../schemas/issue';
import type { ImportedPrompt } from '../schemas/prompt-import';
import type { FileRow } from './file-row';
import type { ImportEvents, PromptReader } from './format';
import { PromptList } from './prompt-list';

async function* readPromptRows(rows: AsyncIterable<FileRow>, warns?: boolean): ImportEvents {
  const list = new PromptList(warns);
  let count = 0;
  for await (const row of rows) {
    const { line } = row;
    if ('ends' in row) {
      list.refuse(line, [row.error], true);
      break;
    }
    if (!list.count(line)) break;
    count++;
    if ('error' in row) list.refuse(line, [row.error]);
    else {
      const { value } = row;
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      const format = isObject ? formatOf(value) : null;
      if (!isObject) list.refuse(line, [issue('notObject')]);
      else if (format) {
        list.refuse(line, [unsupportedFile(format)]);
        // If the first line is of another format, so are all others.
        if (count === 1) break;
      } else {
        const prompt = list.add(line, value, row.repeatedKeys);
        if (prompt) yield { prompt, line, judgements: [] };
      }
    }
    yield* list.drain();
  }
  yield* list.end();
  const { title } = promptsJsonl;
  return { title, fields: [], rows: count, merged: 0, judgements: 0, pairs: 0 };
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
