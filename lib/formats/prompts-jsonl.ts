import { canonicalJson } from '@/trainer/contract/canonical-json';
import { issuesIn } from '@/trainer/contract/issues';
import { type BadLine, type Message, message } from '@/trainer/contract/message';
import { formatOfRow, kindOfRow, titleOfKind, unsupportedFile } from '@/trainer/data/file-kind';
import { readJsonLines } from '@/trainer/data/json-lines';
import { representativeIds, visibleText } from '@/trainer/data/response-text';
import { issue } from '../schemas/issue';
import { type ImportedPrompt, type ImportLine, importLimits, importLineSchema } from '../schemas/prompt-import';
import type { LineWarning, ParsedPrompts, PromptReader } from './format';

/** Parses an import file. It never throws because of the content; errors are returned with their line numbers. */
export function parsePromptsJsonl(bytes: Uint8Array): ParsedPrompts {
  const prompts: ParsedPrompts['prompts'] = [];
  const errors: BadLine[] = [];
  const warnings: LineWarning[] = [];
  const firstLineOf = new Map<string, number>();
  const promptByLookAlikeKey = new Map<string, { id: string; line: number }>();
  let lines = 0;
  for (const entry of readJsonLines(bytes, { maxLineBytes: importLimits.lineBytes })) {
    const { line } = entry;
    if (++lines > importLimits.prompts) {
      errors.push({ line, reason: issue('tooManyPrompts', { most: importLimits.prompts }) });
      break;
    }
    const parsed = 'error' in entry ? { reasons: [entry.error] } : parseLine(entry.value);
    if ('format' in parsed) {
      errors.push({ line, reason: parsed.format });
      // If the first line is of another format, so are all others.
      if (lines === 1) break;
      continue;
    }
    if ('reasons' in parsed) {
      for (const reason of parsed.reasons) errors.push({ line, reason });
      continue;
    }
    const { externalId } = parsed.prompt;
    const first = firstLineOf.get(externalId);
    if (first !== undefined) {
      errors.push({ line, reason: issue('externalIdUsed', { id: externalId, line: first }) });
      continue;
    }
    firstLineOf.set(externalId, line);
    prompts.push({ line, prompt: parsed.prompt });

    const lookAlikeKey = visibleText(externalId.normalize('NFKC').toLowerCase());
    const lookAlike = promptByLookAlikeKey.get(lookAlikeKey);
    if (lookAlike) {
      const reason = issue('similarId', { id: externalId, other: lookAlike.id, line: lookAlike.line });
      warnings.push({ kind: 'similarIds', line, reason });
    } else promptByLookAlikeKey.set(lookAlikeKey, { id: externalId, line });
    const [key] = 'error' in entry ? [] : entry.repeatedKeys;
    if (key !== undefined) warnings.push({ kind: 'repeatedKeys', line, reason: message('keyRepeated', { key }) });
    for (const warning of warningsOf(parsed.prompt)) warnings.push({ line, ...warning });
  }
  if (lines === 0) errors.push({ line: 1, reason: issue('noPrompts') });
  return { prompts, errors, warnings };
}

function warningsOf({ messages, responses }: ImportedPrompt): Omit<LineWarning, 'line'>[] {
  const warning: Omit<LineWarning, 'line'>[] = [];
  const equal = [...representativeIds(responses)].find(([id, first]) => id !== first);
  if (equal)
    warning.push({ kind: 'equalResponses', reason: issue('equalResponses', { id: equal[0], first: equal[1] }) });
  if (messages.at(-1)!.role === 'assistant') {
    warning.push({ kind: 'endsWithAssistant', reason: issue('endsWithAssistant') });
  }
  if (messages.every(({ role }) => role === 'system'))
    warning.push({ kind: 'onlySystem', reason: issue('onlySystem') });
  return warning;
}

function parseLine(value: unknown): { prompt: ImportedPrompt } | { reasons: Message[] } | { format: Message } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { reasons: [issue('notObject')] };
  }
  const result = importLineSchema.safeParse(value);
  if (!result.success) {
    // A value with both fields is an import line that has mistakes in it.
    const format = 'prompt' in value && 'responses' in value ? null : formatOfRow(value);
    return format ? { format: unsupportedFile(format) } : { reasons: issuesIn(result.error) };
  }
  const line = result.data;
  const reasons = contradictions(line);
  return reasons.length > 0 ? { reasons } : { prompt: toImportedPrompt(line) };
}

/** Errors that involve several fields. */
function contradictions({ id, external_id, responses }: ImportLine): Message[] {
  const reasons: Message[] = [];
  if (id === undefined && external_id === undefined) reasons.push(issue('externalIdMissing'));
  if (id !== undefined && external_id !== undefined && id !== external_id) {
    reasons.push(message('idsDiffer', { id, externalId: external_id }));
  }
  const seen = new Map<string, number>();
  responses.forEach((response, i) => {
    const responseId = response.id ?? defaultResponseId(i);
    const first = seen.get(responseId);
    if (first !== undefined) reasons.push(issue('responseIdTwice', { index: i, id: responseId, first }));
    else seen.set(responseId, i);
  });
  return reasons;
}

const defaultResponseId = (index: number) => `r${index + 1}`;

function toImportedPrompt(line: ImportLine): ImportedPrompt {
  return {
    externalId: (line.external_id ?? line.id)!,
    messages: line.prompt,
    documents: line.documents ?? [],
    responses: line.responses.map(({ id, text, source, label }, i) => ({
      id: id ?? defaultResponseId(i),
      text,
      source: source ?? 'unknown',
      ...(label === undefined ? {} : { label }),
    })),
    ...(line.reference_label === undefined ? {} : { referenceLabel: line.reference_label }),
  };
}

/** The text whose hash decides whether a re-imported prompt has the same content. */
export function promptContent(prompt: ImportedPrompt): string {
  return canonicalJson(prompt);
}

/** Import files. Records of snapshots can be imported too. */
export const promptsJsonl: PromptReader = {
  id: 'prompts',
  title: titleOfKind('prompts'),
  holds: 'prompts',
  sniff: ({ row }) => ['prompts', 'records'].includes(kindOfRow(row)?.id ?? ''),
  read: parsePromptsJsonl,
};
