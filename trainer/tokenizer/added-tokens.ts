/** Added tokens, which are found in a text before it is tokenized, as the Rust library's `AddedVocabulary` does. */

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Found in the normalized text instead of the original. */
  readonly normalized: boolean;
  /** Found only where no letter or digit is adjacent. */
  readonly singleWord: boolean;
  /** Includes the white space before or behind it. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

/** A piece of a text: where it begins and ends, and the added token that it is, if any. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly token: AddedToken | null;
}

interface Node {
  readonly next: Map<number, Node>;
  token: AddedToken | null;
}

const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordBehind = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const isSpace = (character: string | undefined) => character !== undefined && /\p{White_Space}/u.test(character);

/** Finds the longest of several tokens that begins leftmost, then goes on behind it. */
export class AddedTokenFinder {
  private readonly root: Node = { next: new Map(), token: null };

  /** `spelling`: the form of a token in the texts that will be searched. */
  constructor(tokens: readonly AddedToken[], spelling: (token: AddedToken) => string) {
    for (const token of tokens) {
      let node = this.root;
      const text = spelling(token);
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        const known = node.next.get(unit);
        const next = known ?? { next: new Map(), token: null };
        if (known === undefined) node.next.set(unit, next);
        node = next;
      }
      if (node !== this.root) node.token = token;
    }
  }

  /** Splits a text into pieces. A token that is not allowed at its place is ordinary text. */
  split(text: string, isAllowed: (token: AddedToken, start: number, end: number) => boolean = () => true): Piece[] {
    const pieces: Piece[] = [];
    let done = 0;
    const textUpTo = (end: number) => {
      if (end > done) pieces.push({ start: done, end, token: null });
    };
    for (let at = 0; at < text.length; ) {
      const match = this.longestAt(text, at);
      if (match === null) {
        at++;
        continue;
      }
      let [start, end] = [at, match.end];
      at = end;
      const { token } = match;
      if (!isAllowed(token, start, end) || (token.singleWord && !standsAlone(text, start, end))) continue;
      if (token.lstrip) while (start > done && isSpace(text[start - 1])) start--;
      if (token.rstrip) while (isSpace(text[end])) end++;
      textUpTo(start);
      pieces.push({ start, end, token });
      done = end;
    }
    textUpTo(text.length);
    return pieces;
  }

  private longestAt(text: string, start: number): { token: AddedToken; end: number } | null {
    let longest: { token: AddedToken; end: number } | null = null;
    let node: Node | undefined = this.root;
    for (let end = start; node !== undefined; end++) {
      if (node.token !== null) longest = { token: node.token, end };
      node = node.next.get(text.charCodeAt(end));
    }
    return longest;
  }
}

const standsAlone = (text: string, start: number, end: number) =>
  !wordBefore.test(text.slice(Math.max(0, start - 2), start)) && !wordBehind.test(text.slice(end, end + 2));
