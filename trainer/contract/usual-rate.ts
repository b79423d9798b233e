/**
 * The peak learning rate where none is asked for. An adapter takes ten times the whole model's: at the same rate its loss
 * hardly falls (measured: "LoRA's rate" in trainer/bench/RESULTS.md).
 */
export const usualLearningRate = ({ loraRank }: { readonly loraRank?: number | undefined }): number =>
  loraRank === undefined ? 5e-4 : 5e-3;
