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
import type { ImportEvent, ImportEvents, ParsedJudgement } from '../format';
import { PromptList } from '../prompt-list';
import { type Shelf, type Shelves, shelvesInMemory } from '../shelves';
import { ordersOf } from './judged-orders';
import { type PromptPart, type RowJudgement, reasonsOf, type Shape } from './shape';

/** What a row says of a prompt, waiting until all rows are read. */
interface Waiting {
  line: number;
  /** How many came before it, which is the order of prompts. */
  at: number;
  key: string;
  part: PromptPart;
}

interface Gathered {
  /** The row that first has this prompt. */
  line: number;
  at: number;
  id: string;
  part: PromptPart;
  responses: PromptPart['responses'];
  placeOf: Map<string, number>;
  judgements: RowJudgement[];
}
export interface Gathering {
  /** Where rows wait for others with the same prompt. */
  shelves?: Shelves;
  /** Whether more rows would have come, so that nothing can be said of prompts with too few responses. */
  cutOff?: () => boolean;
  /** Whether anybody wants to know what is odd. */
  warns?: boolean;
}

/** As it lies on a shelf. */
type Finished = Omit<Gathered, 'placeOf'>;

/**
 * Reads rows of a shape. Rows with the same prompt become one prompt with all their responses, and responses in the same
 * words become one. A prompt without an id gets one from its content, so that importing the file again changes nothing.
 *
 * Rows with one prompt may stand anywhere. So the rows are spread over shelves by their prompt, each shelf is gathered by
 * itself, and the prompts are taken from all shelves in the order in which they first came.
 */
export async function* gatherPrompts(
  shape: Shape,
  { title, fields }: RowKind,
  rows: AsyncIterable<FileRow>,
  { shelves = shelvesInMemory, cutOff = () => false, warns }: Gathering = {},
): ImportEvents {
  const list = new PromptList(warns);
  const waiting = Array.from({ length: shelves.count }, () => shelves.shelf<Waiting>());
  const count = yield* spread(shape, rows, list, waiting);
  const gathered: Shelf<Finished>[] = [];
  let merged = 0;
  for (const shelf of waiting) {
    const done = shelves.shelf<Finished>();
    merged += await gather(shelf, done);
    gathered.push(done);
  }
  let judgements = 0;
  let pairs = 0;
  for await (const one of inOrder(gathered)) {
    if (one.responses.length < importLimits.minResponses && cutOff()) continue;
    if (!list.count(one.line)) break;
    const event = promptOf(one, list);
    if (event) {
      judgements += event.judgements.length;
      for (const { levels } of event.judgements) pairs += strictPairs(levels);
      yield event;
    }
    yield* list.drain();
  }
  yield* list.end();
  return { title, fields, rows: count, merged, judgements, pairs };
}

/** @returns how many rows there were */
async function* spread(
  shape: Shape,
  rows: AsyncIterable<FileRow>,
  list: PromptList,
  shelves: readonly Shelf<Waiting>[],
): AsyncGenerator<ImportEvent, number> {
  const reader = shape.start();
  const most = reader.end ? importLimits.rowsInMemory : importLimits.rows;
  let count = 0;
  let at = 0;
  const put = (line: number, part: PromptPart) => {
    const prompt = typeof part.prompt === 'string' ? [{ role: 'user', content: part.prompt }] : part.prompt;
    const key = bytesToHex(
      sha256(utf8ToBytes(canonicalJson([prompt, part.documents ?? [], ...(part.apart ? [part.id ?? line] : [])]))),
    );
    shelves[Number.parseInt(key.slice(0, 8), 16) % shelves.length]!.put({
      line,
      at: at++,
      key,
      part: { ...part, prompt },
    });
  };
  for await (const row of rows) {
    const { line } = row;
    if ('error' in row) list.refuse(line, [row.error], 'ends' in row);
    else if (++count > most) {
      list.refuse(line, [issue('tooManyRows', { most })], true);
      break;
    } else {
      try {
        for (const part of reader.row(row.value, line)) put(line, part);
      } catch (error) {
        list.refuse(line, reasonsOf(error));
      }
    }
    yield* list.drain();
  }
  for (const { line, parts } of reader.end?.() ?? []) {
    for (const part of parts) {
      if ('key' in part) list.refuse(line, [part]);
      else put(line, part);
    }
  }
  yield* list.drain();
  return count;
}

/** @returns how many responses prompts had already */
async function gather(waiting: Shelf<Waiting>, done: Shelf<Finished>): Promise<number> {
  const gathered = new Map<string, Gathered>();
  let merged = 0;
  for await (const { line, at, key, part } of waiting.all()) {
    let known = gathered.get(key);
    if (!known) {
      const id = part.id || key.slice(0, 16);
      known = { line, at, id, part: { ...part, responses: [] }, responses: [], placeOf: new Map(), judgements: [] };
      gathered.set(key, known);
    }
    known.part.language ??= part.language;
    known.part.referenceLabel ??= part.referenceLabel;
    known.part.priority ??= part.priority;
    merged += addTo(known, part);
  }
  for (const { placeOf: _, ...one } of gathered.values()) done.put(one);
  return merged;
}

/** Takes from shelves, each in order, what comes first. */
async function* inOrder(shelves: readonly Shelf<Finished>[]): AsyncGenerator<Finished> {
  const open: { next: Finished; more: AsyncIterator<Finished> }[] = [];
  const file = (next: Finished, more: AsyncIterator<Finished>) => {
    let [low, high] = [0, open.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (open[middle]!.next.at > next.at) low = middle + 1;
      else high = middle;
    }
    open.splice(low, 0, { next, more });
  };
  for (const shelf of shelves) {
    const more = shelf.all()[Symbol.asyncIterator]();
    const first = await more.next();
    if (!first.done) file(first.value, more);
  }
  for (let first = open.pop(); first; first = open.pop()) {
    yield first.next;
    const following = await first.more.next();
    if (!following.done) file(following.value, first.more);
  }
}

function promptOf({ line, id, part, responses, judgements: given }: Finished, list: PromptList) {
  const { prompt, documents, referenceLabel, language, priority } = part;
  const content = { id, prompt, documents, responses, reference_label: referenceLabel, language, priority };
  const added = list.add(line, content);
  if (!added) return null;
  const judgements: ParsedJudgement[] = [];
  for (const { annotator, levels, levelCount, allBad } of ordersOf(given)) {
    const name = sourceName.safeParse(annotator);
    if (!name.success) {
      list.refuse(line, issuesIn(name.error));
      break;
    }
    const named = levels.map(([response, level]) => [added.responses[response]!.id, level] as const);
    judgements.push({ line, promptId: added.externalId, annotator, levels: named, levelCount, allBad });
  }
  return { prompt: added, line, judgements };
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
