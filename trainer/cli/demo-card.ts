/** The model card (README) of the demo model: what it is, how it was made, what it may be used for. */
import type { PretrainConfig } from '../train/pretrain';
import type { DemoData } from './demo-data';
import { demoModelConfig } from './demo-model';

export interface DemoCard {
  readonly command: string;
  readonly parameters: number;
  readonly config: PretrainConfig;
  readonly steps: number;
  readonly tokensSeen: number;
  readonly minutes: number;
  readonly backend: string;
  readonly data: DemoData;
  readonly baselines: { readonly unigram: number; readonly bigram: number };
  /** Nats per token over all held-out chats. */
  readonly heldOutLoss: number;
}

export function demoModelCard(card: DemoCard): string {
  const { baselines, config, data, heldOutLoss, steps } = card;
  const shape = demoModelConfig;
  const row = (name: string, loss: number) => `| ${name} | ${loss.toFixed(3)} | ${Math.exp(loss).toFixed(1)} |`;
  return `# Demo model

A Llama of ${(card.parameters / 1e6).toFixed(2)} million parameters, pretrained from scratch by this project's own trainer so
that the whole loop (sort, fine-tune, re-rank) can be tried in a browser within minutes. It is a teaching model: it has
read nothing but short English image captions and sentences about them, it does not know facts, and its label is often wrong.

- ${shape.layers} layers, width ${shape.dim}, ${shape.heads} heads of ${shape.headDim} with ${shape.kvHeads} key/value heads, feed-forward ${shape.hiddenDim}, tied
  embedding, context ${shape.maxPositions}; weights stored as f16
- its own byte-level BPE of ${shape.vocabSize} tokens, trained on the training chats; any Unicode text can be encoded
- chat template: \`<|begin|><|user|>Premise: …\\nHypothesis: …<|assistant|>rationale #### label<|end|>\`, documents before
  the question, each as \`<|document|>[1] (Title: …) …\`

## Held-out loss

On ${data.heldOut.length} items whose premises occur nowhere in training, over all tokens of prompt and responses:

| model | nats a token | perplexity |
|---|---|---|
${row('unigram (add-one)', baselines.unigram)}
${row('bigram (interpolated Kneser-Ney)', baselines.bigram)}
${row('**this model**', heldOutLoss)}

The n-gram models were counted on the same training chats and asked for the same tokens.

## How it was made

\`\`\`
${card.command}
\`\`\`

Seed ${config.seed}, ${steps} of ${config.totalSteps} steps of about ${Math.round(card.tokensSeen / Math.max(steps, 1))} tokens (${(card.tokensSeen / 1e6).toFixed(2)} million tokens seen), AdamW with peak learning rate
${config.learningRate}, linear warm-up over ${config.warmupSteps} steps and a cosine after it, weight decay ${config.weightDecay}, clipping at ${config.clipNorm};
${card.minutes.toFixed(0)} minutes on "${card.backend}". The same command with the same version of the kernels gives the same weights.

Each training item is a prompt with six responses, none marked as better than another: three human rationales with the
gold label, and three by GPT-2, one for each label. Some items are shown a second time with the premise as one of three
documents. The ${data.excluded} items that also occur in the rationale-ratings set were left out, so that set can be used for judging.

## Data and licence

Text: e-SNLI's development set with the GPT-2 rationales of NILE (MIT-style and Apache-2.0); the premises and hypotheses
are SNLI's (CC BY-SA 4.0), whose captions come from Flickr30k. The data itself is not part of this repository. The
weights are published under the project's MIT licence as far as that is ours to give; whoever redistributes them should
name e-SNLI (Camburu et al. 2018), SNLI (Bowman et al. 2015) and NILE (Kumar and Talukdar 2020).
`;
}
