import type * as z from 'zod';
import { message } from '../contract/message';
import type { ChatMessage, PromptDocument } from '../contract/record';
import { type AddedToken, AddedTokenFinder } from './added-tokens';
import { joinMessages, type RenderPrompt, readChatTemplate } from './chat-template';
import type { PiecePosition } from './pre-tokenizers';
import {
  type CompanionFiles,
  findSpecialTokens,
  type SpecialTokens,
  type tokenizerConfigSchema,
} from './special-tokens';
import { TextModel } from './text-model';
import type { RenderedPrompt, Tokenizer } from './tokenizer';
import { TokenizerError } from './tokenizer-error';
import type { TokenizerFile } from './tokenizer-file';
import { type ControlTokenSpan, type RenderedText, renderUserText, type TextSpan } from './user-text';

/** How to encode a text. */
interface Encoding {
  /** Spans where control tokens must not be found. */
  readonly written: readonly TextSpan[];
  /** Position of the text's beginning. */
  readonly place: PiecePosition;
  /** The text that is continued, where `place` is 'continued'. */
  readonly before?: string;
}

/** A tokenizer from its files: finds added tokens in a text, and passes the pieces between them to the text model. */
export class LoadedTokenizer implements Tokenizer {
  readonly vocabSize: number;
  private readonly special: SpecialTokens;
  private readonly template: RenderPrompt | null;
  private readonly model: TextModel;
  /** Added tokens by id. */
  private readonly added = new Map<number, AddedToken>();
  private readonly controls: ReadonlySet<AddedToken>;
  private readonly inOriginal: AddedTokenFinder;
  private readonly inNormalized: AddedTokenFinder;
  /** Ids to decode others behind, so that a leading space is not dropped; null where decoding keeps it anyway. */
  private readonly anchor: readonly number[] | null;

  constructor(json: TokenizerFile, config: z.infer<typeof tokenizerConfigSchema>, companions: CompanionFiles) {
    for (const token of json.added_tokens) {
      const { id, content, special, normalized = !special, single_word: singleWord, lstrip, rstrip } = token;
      if (content !== '') this.added.set(id, { id, content, normalized, singleWord, lstrip, rstrip });
    }
    const added = [...this.added.values()];
    try {
      this.model = new TextModel(json);
    } catch (error) {
      throw new TokenizerError(message('tokenizerUnusable', { detail: (error as Error).message }));
    }
    this.vocabSize = added.reduce((size, { id }) => Math.max(size, id + 1), this.model.size);
    this.special = findSpecialTokens(
      { added, model: this.model, postProcessor: json.post_processor },
      config,
      companions,
    );
    const { eos, bos } = this.special;
    const variables = { ...(bos === null ? {} : { bos_token: bos.content }), eos_token: eos.content };
    this.template = readChatTemplate(config.chat_template, variables);

    const special = new Set(json.added_tokens.filter((token) => token.special).map(({ id }) => id));
    const around = aroundMessages(this.template);
    const isControl = ({ id, content }: AddedToken) =>
      special.has(id) || id === eos.id || id === bos?.id || (around.includes(content) && /[^\s▁]/.test(content));
    this.controls = new Set(added.filter(isControl));
    for (const { content, id } of [...this.controls, eos, ...(bos ? [bos] : [])]) this.model.forbid(content, id);
    const { normalize } = this.model;
    this.inOriginal = new AddedTokenFinder(
      added.filter(({ normalized }) => !normalized),
      ({ content }) => content,
    );
    this.inNormalized = new AddedTokenFinder(
      added.filter(({ normalized }) => normalized),
      ({ content }) => normalize(content),
    );
    const keepsSpace = this.model.decode(this.encodeText(' a', { written: [], place: 'later' })) === ' a';
    this.anchor = keepsSpace ? null : this.encodeText('a', { written: [], place: 'later' });
  }

  get bosId(): number | null {
    return this.special.bos?.id ?? null;
  }

  get eosId(): number {
    return this.special.eos.id;
  }

  get eosIds(): readonly number[] {
    return this.special.eosIds;
  }

  get notes() {
    return this.special.notes;
  }

  encode(text: string): number[] {
    return this.encodeText(wellFormed(text), { written: [], place: 'first' });
  }

  decode(ids: readonly number[]): string {
    return this.decodeAfter([], ids);
  }

  renderPrompt(messages: readonly ChatMessage[], documents: readonly PromptDocument[] = []): RenderedPrompt {
    const render = this.template ?? joinMessages;
    const prompt = renderUserText(
      render,
      messages.map(({ role, content }) => ({ role, content: wellFormed(content) })),
      documents.map(({ title, text }) => ({ title: wellFormed(title), text: wellFormed(text) })),
      (text) => this.controlTokensIn(text),
    );
    const first = this.template === null ? this.special.first : [];
    const ids = [...first, ...this.encodeText(prompt.text, { written: prompt.written, place: 'first' })];
    return {
      ids,
      encodeResponse: (text) => [...this.encodeAfterPrompt(prompt, wellFormed(text)), this.eosId],
      decodeResponse: (response) => this.decodeAfter(ids, response),
    };
  }

  /** The ids of the response in "prompt + response". Text before the prompt's last added token does not affect them. */
  private encodeAfterPrompt({ text, written }: RenderedText, response: string): number[] {
    const from = this.inOriginal.split(text, this.isAllowedIn(written)).findLast(({ token }) => token)?.start ?? 0;
    const tail = text.slice(from);
    const inTail = written.flatMap(({ start, end }) =>
      end > from ? { start: Math.max(0, start - from), end: end - from } : [],
    );
    const place = from === 0 ? 'first' : 'later';
    const alone = this.encodeText(tail, { written: inTail, place });
    const responseSpan = { start: tail.length, end: tail.length + response.length };
    const joint = this.encodeText(tail + response, { written: [...inTail, responseSpan], place });
    if (alone.every((id, i) => joint[i] === id)) return joint.slice(alone.length);
    return this.encodeText(response, {
      written: [{ start: 0, end: response.length }],
      place: 'continued',
      before: tail,
    });
  }

  private encodeText(text: string, { written, place, before }: Encoding): number[] {
    const ids: number[] = [];
    for (const { start, end, token } of this.inOriginal.split(text, this.isAllowedIn(written))) {
      if (token !== null) {
        ids.push(token.id);
        continue;
      }
      const here: Encoding = start === 0 ? { written, place, before } : { written, place: 'later' };
      for (const id of this.encodePiece(text.slice(start, end), start, here)) ids.push(id);
    }
    return ids;
  }

  /** `start`: offset of the piece in its text. */
  private encodePiece(piece: string, start: number, { written, place, before = '' }: Encoding): number[] {
    const { normalize } = this.model;
    const normalized = place === 'continued' ? normalizeAfter(normalize, before, piece) : normalize(piece);
    const lengthUpTo = (at: number) => (at <= start ? 0 : normalize(piece.slice(0, at - start)).length);
    const inPiece = written
      .filter((span) => span.end > start && span.start < start + piece.length)
      .map((span) => ({ start: lengthUpTo(span.start), end: lengthUpTo(span.end) }));
    const ids: number[] = [];
    for (const part of this.inNormalized.split(normalized, this.isAllowedIn(inPiece))) {
      if (part.token !== null) ids.push(part.token.id);
      else {
        const partPlace = part.start === 0 ? place : 'later';
        for (const id of this.model.encode(normalized.slice(part.start, part.end), partPlace)) ids.push(id);
      }
    }
    return ids;
  }

  private isAllowedIn(written: readonly TextSpan[]) {
    return (token: AddedToken, start: number, end: number) =>
      !this.controls.has(token) || !written.some((span) => start < span.end && end > span.start);
  }

  /** Control tokens as they are spelled, and as a normalizer would produce them. */
  private controlTokensIn(text: string): ControlTokenSpan[] {
    return this.inOriginal.split(text).flatMap(({ start, end, token }) => {
      const tokens = token === null ? this.tokensInNormalized(text.slice(start, end)) : [token];
      const controls = tokens.filter((one) => this.controls.has(one));
      // Several tokens that a normalizer makes of one piece count as one span.
      return controls.length === 0 ? [] : [{ start, end, token: controls.map(({ content }) => content).join('\0') }];
    });
  }

  private tokensInNormalized(piece: string): AddedToken[] {
    return this.inNormalized.split(this.model.normalize(piece)).flatMap(({ token }) => token ?? []);
  }

  /** Decodes piece by piece, as the text was encoded: a decoder removes the space that was added before each piece. */
  private decodeAfter(before: readonly number[], ids: readonly number[]): string {
    const lastAdded = before.findLastIndex((id) => this.added.has(id));
    let context: readonly number[] | null = before.slice(lastAdded + 1);
    if (context.length === 0) context = lastAdded < 0 ? null : this.anchor;
    let text = '';
    let piece: number[] = [];
    const endPiece = () => {
      if (piece.length > 0) text += this.decodePiece(piece, context);
      piece = [];
      context = this.anchor;
    };
    for (const id of ids) {
      const token = this.added.get(id);
      if (token === undefined) piece.push(id);
      else {
        endPiece();
        if (!this.controls.has(token)) text += token.content;
      }
    }
    endPiece();
    return text;
  }

  private decodePiece(piece: readonly number[], context: readonly number[] | null): string {
    if (context === null) return this.model.decode(piece);
    const before = this.model.decode(context);
    const all = this.model.decode([...context, ...piece]);
    return all.startsWith(before) ? all.slice(before.length) : this.model.decode(piece);
  }
}

/**
 * Text that the template itself writes around messages, with which a user could start a turn. Empty where it refuses.
 */
function aroundMessages(template: RenderPrompt | null): string {
  const turns: ChatMessage[] = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
    { role: 'user', content: 'c' },
  ];
  try {
    return template?.(turns, [], { addGenerationPrompt: false }) ?? '';
  } catch (error) {
    if (error instanceof TokenizerError) return '';
    throw error;
  }
}

/** Normalizes the rest of a text in the context of its beginning: Prepend, for example, applies only there. */
function normalizeAfter(normalize: (text: string) => string, before: string, rest: string): string {
  const begun = normalize(before);
  const all = normalize(before + rest);
  return all.startsWith(begun) ? all.slice(begun.length) : normalize(rest);
}

/** Replaces lone surrogates by U+FFFD, as UTF-8 encoding and Rust do. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');
