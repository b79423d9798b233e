import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import { issuesIn } from '@/trainer/contract/issues';
import type { RowKind } from '@/trainer/data/file-kind';
import { foldedText } from '@/trainer/data/response-text';
import { issue } from '../../schemas/issue';
import { importLimits, sourceName } from '../../schemas/prompt-import';
import { strictPairs } from '../annotation-rows';
import type { FileRow } from '../file-row';
import type { ParsedJudgement, ParsedPrompts } from '../format';
import { PromptList } from '../prompt-list';
import { ordersOf } from './judged-orders';
import { type PromptPart, type RowJudgement, reasonsOf, type Shape } from './shape';

interface Gathered {
  /** The row that first has this prompt. */
  line: number;
  id: string;
  part: PromptPart;
  responses: PromptPart['responses'];
  placeOf: Map<string, number>;
  judgements: RowJudgement[];
}

/**
 * Reads rows of a shape. Rows with the same prompt become one prompt with all their responses, and responses in the same
 * words become one. A prompt without an id gets one from its content, so that importing the file again changes nothing.
 */
export async function gatherPrompts(
  shape: Shape,
  { title, fields }: RowKind,
  rows: AsyncIterable<FileRow>,
): Promise<ParsedPrompts> {
  const list = new PromptList();
  const reader = shape.start();
  const gathered = new Map<string, Gathered>();
  let count = 0;
  let merged = 0;
  const take = (line: number, part: PromptPart) => {
    const prompt = typeof part.prompt === 'string' ? [{ role: 'user', content: part.prompt }] : part.prompt;
    const key = bytesToHex(
      sha256(utf8ToBytes(canonicalJson([prompt, part.documents ?? [], ...(part.apart ? [part.id ?? line] : [])]))),
    );
    let known = gathered.get(key);
    if (!known) {
      const id = part.id || key.slice(0, 16);
      known = { line, id, part: { ...part, prompt }, responses: [], placeOf: new Map(), judgements: [] };
      gathered.set(key, known);
    }
    known.part.language ??= part.language;
    known.part.referenceLabel ??= part.referenceLabel;
    known.part.priority ??= part.priority;
    merged += addTo(known, part);
  };

  for await (const row of rows) {
    const { line } = row;
    if ('error' in row) {
      list.refuse(line, [row.error], 'ends' in row);
      continue;
    }
    if (++count > importLimits.rows) {
      list.refuse(line, [issue('tooManyRows', { most: importLimits.rows })], true);
      break;
    }
    try {
      for (const part of reader.row(row.value, line)) take(line, part);
    } catch (error) {
      list.refuse(line, reasonsOf(error));
    }
    if (gathered.size > importLimits.prompts) break;
  }
  for (const { line, parts } of reader.end?.() ?? []) {
    for (const part of parts) {
      if ('key' in part) list.refuse(line, [part]);
      else take(line, part);
    }
  }

  const judgements: ParsedJudgement[] = [];
  let pairs = 0;
  for (const { line, id, part, responses, judgements: given } of gathered.values()) {
    if (!list.count(line)) break;
    const { prompt, documents, referenceLabel, language, priority } = part;
    const content = { id, prompt, documents, responses, reference_label: referenceLabel, language, priority };
    const added = list.add(line, content);
    if (!added) continue;
    for (const { annotator, levels, levelCount, allBad } of ordersOf(given)) {
      const name = sourceName.safeParse(annotator);
      if (!name.success) {
        list.refuse(line, issuesIn(name.error));
        break;
      }
      const named = levels.map(([response, level]) => [added.responses[response]!.id, level] as const);
      judgements.push({ line, promptId: added.externalId, annotator, levels: named, levelCount, allBad });
      pairs += strictPairs(levels);
    }
  }
  const found = { title, fields, rows: count, merged, judgements: judgements.length, pairs };
  return { ...list.end(), judgements, found };
}

/** @returns how many responses the prompt had already */
function addTo(known: Gathered, { responses, judgements = [] }: PromptPart): number {
  let merged = 0;
  const places = responses.map((response) => {
    const text = foldedText(response.text);
    const place = known.placeOf.get(text);
    if (place === undefined) {
      known.placeOf.set(text, known.responses.length);
      return known.responses.push({ ...response }) - 1;
    }
    merged++;
    const there = known.responses[place]!;
    there.source ??= response.source;
    there.label ??= response.label;
    return place;
  });
  for (const { annotator, scores, absolute, allBad } of judgements) {
    const placed = new Map(scores.map(([response, score]) => [places[response]!, score]));
    const same =
      absolute && known.judgements.find((one) => one.absolute && one.annotator === annotator && agrees(one, placed));
    if (same) same.scores = [...new Map([...same.scores, ...placed])];
    else
      known.judgements.push({
        annotator,
        scores: [...placed],
        ...(absolute && { absolute }),
        ...(allBad && { allBad }),
      });
  }
  return merged;
}

/** Whether scores say nothing else of a response than a judgement does. */
const agrees = ({ scores }: RowJudgement, placed: ReadonlyMap<number, number>) =>
  scores.every(([response, score]) => (placed.get(response) ?? score) === score);
