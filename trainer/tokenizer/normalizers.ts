/** Text normalizers, one function for each type in tokenizer.json. */
import {
  BertNormalizer,
  LowercaseNormalizer,
  PrecompiledNormalizer,
  ReplaceNormalizer,
  StripAccentsNormalizer,
} from '@huggingface/tokenizers';
import * as z from 'zod';
import { normalizeWithOlderUnicode } from './unicode-age';

export type Normalize = (text: string) => string;

/** Types that the JavaScript library implements. */
const classes = {
  Replace: ReplaceNormalizer,
  StripAccents: StripAccentsNormalizer,
  Lowercase: LowercaseNormalizer,
  BertNormalizer,
  Precompiled: PrecompiledNormalizer,
} as const;

const schema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('Sequence'), normalizers: z.array(z.unknown()) }),
  z.looseObject({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  z.looseObject({ type: z.literal('Prepend'), prepend: z.string() }),
  z.looseObject({ type: z.literal('Strip'), strip_left: z.boolean(), strip_right: z.boolean() }),
  z.looseObject({ type: z.enum(Object.keys(classes) as (keyof typeof classes)[]) }),
]);

/** Throws ZodError where the type or one of its fields is not known. */
export function readNormalizer(value: unknown): Normalize {
  if (value == null) return (text) => text;
  const config = schema.parse(value);
  switch (config.type) {
    case 'Sequence': {
      const steps = config.normalizers.map(readNormalizer);
      return (text) => steps.reduce((done, step) => step(done), text);
    }
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = config.type;
      return (text) => normalizeWithOlderUnicode(text, form);
    }
    case 'Prepend':
      return (text) => (text === '' ? '' : config.prepend + text);
    case 'Strip':
      return (text) => {
        const rest = config.strip_left ? text.replace(/^\p{White_Space}+/u, '') : text;
        return config.strip_right ? trimTrailingSpace(rest) : rest;
      };
    default: {
      const normalizer = new classes[config.type](config as never);
      return (text) => normalizer.normalize(text);
    }
  }
}

/** Scans from the end: a pattern would try every run of white space in the text. */
function trimTrailingSpace(text: string): string {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text[end - 1] as string)) end--;
  return text.slice(0, end);
}
