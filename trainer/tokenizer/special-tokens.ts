/**
 * The tokens that begin and end a text. Files define them in this precedence: tokenizer_config.json,
 * special_tokens_map.json, config.json, generation_config.json. Where none does, a usual name among the added tokens is
 * used, with a note.
 */
import * as z from 'zod';
import { listedIssues } from '../contract/issues';
import { type Message, message } from '../contract/message';
import { TokenizerError } from './tokenizer-error';

/** The other files of a model, as parsed JSON; each is absent where the model lacks it. */
export interface CompanionFiles {
  readonly specialTokensMap?: unknown;
  readonly generationConfig?: unknown;
  readonly config?: unknown;
}

export interface NamedToken {
  readonly content: string;
  readonly id: number;
}

export interface SpecialTokens {
  /** Appended to every response. */
  readonly eos: NamedToken;
  /** Ids of all tokens that end an answer. */
  readonly eosIds: readonly number[];
  readonly bos: NamedToken | null;
  /** Ids prepended to a text that no chat template renders. */
  readonly first: readonly number[];
  readonly notes: readonly Message[];
}

const tokenName = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);
const names = z.looseObject({ bos_token: tokenName.nullish(), eos_token: tokenName.nullish() });
export const tokenizerConfigSchema = names.extend({
  add_bos_token: z.boolean().nullish(),
  chat_template: z.unknown().optional(),
});
const ids = z.looseObject({
  bos_token_id: z.int().nullish(),
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
});

const usualEos = ['</s>', '<|end|>', '<|im_end|>', '<|eot_id|>', '<|endoftext|>', '<|end_of_text|>', '<eos>'];
const usualBos = ['<s>', '<|begin|>', '<|begin_of_text|>', '<bos>'];

/** The parts of a tokenizer in which tokens are looked up. */
export interface Vocabulary {
  readonly added: readonly NamedToken[];
  readonly model: {
    readonly size: number;
    idOf(token: string): number | undefined;
    tokenOf(id: number): string | undefined;
  };
  readonly postProcessor: unknown;
}

/** Throws TokenizerError where no token ends a text, or a named one is not in the vocabulary. */
export function findSpecialTokens(
  vocabulary: Vocabulary,
  tokenizerConfig: z.infer<typeof tokenizerConfigSchema>,
  companions: CompanionFiles,
): SpecialTokens {
  const map = read(names, companions.specialTokensMap, 'special_tokens_map.json');
  const files = [
    ['config.json', read(ids, companions.config, 'config.json')],
    ['generation_config.json', read(ids, companions.generationConfig, 'generation_config.json')],
  ] as const;
  const listed = files.flatMap(([, { eos_token_id: id }]) => id ?? []);
  const notes: Message[] = [];
  const find = (role: 'bos_token' | 'eos_token'): NamedToken | null => {
    const name = tokenizerConfig[role] ?? map[role];
    if (name != null) return ofName(vocabulary, role, name);
    for (const [file, content] of files) {
      const [id] = [content[`${role}_id`] ?? []].flat();
      if (id !== undefined) return ofId(vocabulary, `${role}_id`, file, id);
    }
    return null;
  };
  const guess = (role: string, usual: readonly string[]): NamedToken | null => {
    const [found] = usual.flatMap((content) => vocabulary.added.find((token) => token.content === content) ?? []);
    if (found) notes.push(message('tokenGuessed', { role, token: found.content }));
    return found ?? null;
  };
  const eos = find('eos_token') ?? guess('eos_token', usualEos);
  if (eos === null) {
    throw new TokenizerError(message('noEndToken', { usual: usualEos.join(', '), count: vocabulary.added.length }));
  }
  const processed = firstTokens(vocabulary.postProcessor);
  const adds = tokenizerConfig.add_bos_token ?? processed.length > 0;
  // An explicit null says that there is none.
  const isDenied = tokenizerConfig.bos_token === null && map.bos_token == null;
  const named = isDenied ? null : find('bos_token');
  const [put] = processed;
  const unnamed = () => {
    if (put !== undefined) return ofId(vocabulary, 'post_processor', 'tokenizer.json', put);
    return adds && !isDenied ? guess('bos_token', usualBos) : null;
  };
  const bos = named ?? unnamed();
  const first = processed.length > 0 ? processed : bos === null ? [] : [bos.id];
  return { eos, eosIds: [...new Set([eos.id, ...listed])], bos, first: adds ? first : [], notes };
}

function ofName({ added, model }: Vocabulary, role: string, content: string): NamedToken {
  const id = added.find((token) => token.content === content)?.id ?? model.idOf(content);
  if (id === undefined) throw new TokenizerError(message('tokenUnknown', { role, token: content, count: model.size }));
  return { content, id };
}

function ofId({ added, model }: Vocabulary, role: string, file: string, id: number): NamedToken {
  const content = added.find((one) => one.id === id)?.content ?? model.tokenOf(id);
  if (content !== undefined) return { content, id };
  throw new TokenizerError(
    message('inFile', { file, reason: message('tokenIdUnknown', { role, id, count: model.size }) }),
  );
}

const specialItem = z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) });
const templateProcessing = z.looseObject({
  type: z.literal('TemplateProcessing'),
  single: z.array(z.unknown()),
  special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(z.int()) })),
});
const postProcessor = z.union([
  z.looseObject({ type: z.literal('Sequence'), processors: z.array(z.unknown()) }),
  templateProcessing,
  z.looseObject({ type: z.enum(['BertProcessing', 'RobertaProcessing']), cls: z.tuple([z.string(), z.int()]) }),
]);

/** Ids that the post-processor prepends to a single text. Without recursion, since a file may nest arbitrarily deep. */
function firstTokens(value: unknown): number[] {
  const first: number[] = [];
  const open = [value];
  while (open.length > 0) {
    const parsed = postProcessor.safeParse(open.pop());
    if (!parsed.success) continue;
    const processor = parsed.data;
    if (processor.type === 'Sequence') for (const inner of processor.processors.toReversed()) open.push(inner);
    else if (processor.type === 'TemplateProcessing') for (const id of idsBefore(processor)) first.push(id);
    else first.push(processor.cls[1]);
  }
  return first;
}

function idsBefore({ single, special_tokens: tokens }: z.infer<typeof templateProcessing>): number[] {
  const end = single.findIndex((item) => !specialItem.safeParse(item).success);
  return single
    .slice(0, end < 0 ? single.length : end)
    .flatMap((item) => tokens[specialItem.parse(item).SpecialToken.id]?.ids ?? []);
}

function read<T extends z.ZodType>(schema: T, value: unknown, file: string): z.infer<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new TokenizerError(message('inFile', { file, reason: listedIssues(parsed.error) }));
}
