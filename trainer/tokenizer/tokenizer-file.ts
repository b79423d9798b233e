import * as z from 'zod';

/** tokenizer.json, as far as it says which tokens were added; the text model reads the rest. */
export const tokenizerJsonSchema = z.looseObject({
  model: z.looseObject({ type: z.enum(['BPE', 'Unigram', 'WordPiece']), vocab: z.unknown() }),
  added_tokens: z
    .array(
      z.looseObject({
        id: z.int().min(0),
        content: z.string(),
        special: z.boolean().default(false),
        normalized: z.boolean().optional(),
        single_word: z.boolean().default(false),
        lstrip: z.boolean().default(false),
        rstrip: z.boolean().default(false),
      }),
    )
    .default([]),
});
export type TokenizerFile = z.infer<typeof tokenizerJsonSchema>;
