import { issuesIn } from '@/trainer/contract/issues';
import { type Message, message } from '@/trainer/contract/message';
import { representativeIds, visibleText } from '@/trainer/data/response-text';
import { issue } from '../schemas/issue';
import { type ImportedPrompt, type ImportLine, importLimits, importLineSchema } from '../schemas/prompt-import';
import type { ImportEvent, LineWarning } from './format';
import { LineIndex } from './line-index';

/** Checks the prompts of a file as they are read, and notes what is wrong or odd about each. */
export class PromptList {
  private noted: ImportEvent[] = [];
  private readonly idLines = new LineIndex();
  private readonly promptByLookAlikeKey = new Map<string, { id: string; line: number }>();
  private lines = 0;
  private refused = false;

  /** @param warns whether anybody wants to know what is odd, which takes time */
  constructor(private readonly warns = true) {}

  /** Counts a prompt, good or bad. @returns whether there may be as many */
  count(line: number): boolean {
    if (++this.lines <= importLimits.prompts) return true;
    this.refuse(line, [issue('tooManyPrompts', { most: importLimits.prompts })], true);
    return false;
  }

  /** @param ends whether the file cannot be read any further, so that leaving out the line is no remedy */
  refuse(line: number, reasons: readonly Message[], ends = false) {
    this.refused = true;
    for (const reason of reasons.slice(0, importLimits.lineErrors))
      this.noted.push({ error: { line, reason, ...(ends && { ends }) } });
  }

  /** @returns the prompt; undefined where it was refused */
  add(line: number, value: unknown, repeatedKeys: readonly string[] = []): ImportedPrompt | undefined {
    const parsed = parseLine(value);
    if ('reasons' in parsed) {
      this.refuse(line, parsed.reasons);
      return;
    }
    const { externalId } = parsed.prompt;
    const first = this.idLines.firstLine(externalId, line);
    if (first !== undefined) {
      this.refuse(line, [issue('externalIdUsed', { id: externalId, line: first })]);
      return;
    }
    if (!this.warns) return parsed.prompt;
    this.noteLookAlike(line, externalId);
    const [key] = repeatedKeys;
    if (key !== undefined) this.warn({ kind: 'repeatedKeys', line, reason: message('keyRepeated', { key }) });
    for (const warning of warningsOf(parsed.prompt)) this.warn({ line, ...warning });
    return parsed.prompt;
  }

  /** What was noted since the last call. */
  drain(): ImportEvent[] {
    const { noted } = this;
    this.noted = [];
    return noted;
  }

  end(): ImportEvent[] {
    if (this.lines === 0 && !this.refused) this.refuse(1, [issue('noPrompts')]);
    return this.drain();
  }

  private warn(warning: LineWarning) {
    this.noted.push({ warning });
  }

  private noteLookAlike(line: number, id: string) {
    const key = visibleText(id.normalize('NFKC').toLowerCase());
    const other = this.promptByLookAlikeKey.get(key);
    if (!other) this.promptByLookAlikeKey.set(key, { id, line });
    else this.warn({ kind: 'similarIds', line, reason: issue('similarId', { id, other: other.id, line: other.line }) });
  }
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

function parseLine(value: unknown): { prompt: ImportedPrompt } | { reasons: Message[] } {
  const result = importLineSchema.safeParse(value);
  if (!result.success) return { reasons: issuesIn(result.error) };
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
    ...(line.language === undefined ? {} : { language: line.language }),
    ...(line.priority === undefined ? {} : { priority: line.priority }),
  };
}
