/** Mappings of columns as people type them: `prompt=question,response=answer_a,source=model_a,response=answer_b`. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { type ColumnMapping, columnLimits, columnMappingSchema } from './column-mapping';
import { issueKey } from './issue';

/** What is said once of a row, by the words for it. */
const ofRow = {
  prompt: 'prompt',
  system: 'system',
  id: 'id',
  'reference-label': 'referenceLabel',
  language: 'language',
  priority: 'priority',
  winner: 'winner',
  annotator: 'annotator',
} as const satisfies Record<string, keyof ColumnMapping>;

/** What is said of the response before it. */
const ofResponse = { source: 'source', 'source-name': 'sourceName', label: 'label', score: 'score' } as const;

const words = [...Object.keys(ofRow), 'document', 'response', ...Object.keys(ofResponse), 'better'];
/** A comma that does not begin a new part belongs to the name of a column. */
const SEPARATOR =
  /, *(?=(?:prompt|system|id|document|response|source|source-name|label|score|reference-label|language|priority|winner|annotator|better)=)/;

const has = <T extends object>(object: T, key: PropertyKey): key is keyof T => Object.hasOwn(object, key);

/** A mapping, not yet checked; or the key of what is wrong, with the part that is. */
function fromText(text: string): { value: unknown } | { problem: Parameters<typeof issueKey>[0]; part: string } {
  const mapping: Record<string, unknown> = {};
  const documents: string[] = [];
  const responses: Record<string, string>[] = [];
  for (const part of text.trim().split(SEPARATOR)) {
    const equals = part.indexOf('=');
    const word = part.slice(0, equals);
    const name = part.slice(equals + 1);
    const problem = (key: Parameters<typeof issueKey>[0]) => ({ problem: key, part });
    if (equals < 0 || !words.includes(word)) return problem('columnPart');
    if (word === 'document') documents.push(name);
    else if (word === 'response') responses.push({ column: name });
    else if (word === 'better') {
      if (!['higher', 'lower'].includes(name)) return problem('betterWord');
      mapping.lowerIsBetter = name === 'lower';
    } else if (has(ofRow, word)) {
      if (Object.hasOwn(mapping, ofRow[word])) return problem('columnPartTwice');
      mapping[ofRow[word]] = name;
    } else if (has(ofResponse, word)) {
      const response = responses.at(-1);
      if (!response) return problem('columnPartBeforeResponse');
      if (Object.hasOwn(response, ofResponse[word])) return problem('columnPartTwice');
      response[ofResponse[word]] = name;
    }
  }
  return { value: { ...mapping, ...(documents.length > 0 && { documents }), responses } };
}

/** In words, or as JSON, in which a column may have any name. */
export const columnsParameterSchema = z
  .string()
  .max(columnLimits.textLength)
  .transform((text, context) => {
    if (text.trimStart().startsWith('{')) {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: issueKey('columnsNotJson') });
        return z.NEVER;
      }
    }
    const read = fromText(text);
    if ('value' in read) return read.value;
    context.addIssue({ code: 'custom', message: issueKey(read.problem), params: { part: read.part } });
    return z.NEVER;
  })
  .pipe(columnMappingSchema);
