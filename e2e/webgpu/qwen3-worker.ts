/** Runs in a worker of the page: the loop of a tiny model with Qwen3's tokenizer, whose files the page sends. */
import { isAsLearnt, qwen3Loop } from '../../trainer/fixtures/qwen3-loop';

const scope = self as unknown as {
  onmessage: (message: MessageEvent<{ tokenizer: unknown; tokenizerConfig: unknown }>) => void;
  postMessage(answer: unknown): void;
};

scope.onmessage = ({ data }) => {
  qwen3Loop(data.tokenizer, data.tokenizerConfig).then(
    (outcome) => scope.postMessage(isAsLearnt(outcome)),
    (error: unknown) => scope.postMessage(String(error)),
  );
};
