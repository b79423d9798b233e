/** The block in PyTorch, in a child process that answers one line for each line. */
import { type BlockResult, type Implementation, type Problem, shapesOf, TENSORS, type Tensors } from './block-problem';
import { startPython } from './python-process';

const encode = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** Undefined, with the reason printed, where PyTorch is not installed. */
export async function torchBlock(problem: Problem): Promise<Implementation | undefined> {
  const python = startPython('block-torch.py');
  if (!python) return undefined;
  const { ask } = python;
  const { tensors, shape } = problem;
  const hello = await ask(
    JSON.stringify({
      shape,
      shapes: shapesOf(shape),
      tensors: Object.fromEntries(TENSORS.map((name) => [name, encode(tensors[name])])),
      dOutput: encode(problem.dOutput),
      cosine: encode(problem.cosine),
      sine: encode(problem.sine),
    }),
  );
  return {
    name: `PyTorch ${hello.version}, 1 thread (${hello.blas})`,
    run: () => ask('run'),
    async result(): Promise<BlockResult> {
      const { loss, gradients } = await ask('result');
      return { loss, gradients: Object.fromEntries(TENSORS.map((n) => [n, decode(gradients[n])])) as Tensors };
    },
    close: python.close,
  };
}
