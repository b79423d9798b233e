/** The block in PyTorch, in a child process that answers one line for each line. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type BlockResult, type Contestant, type Problem, shapesOf, TENSORS, type Tensors } from './block-problem';

/** The interpreter that has torch: PYTHON when set, else the system's, else the first on the path. */
function findPython(): string | undefined {
  const candidates = [process.env.PYTHON, '/usr/bin/python3', 'python3'].filter((path) => path !== undefined);
  return candidates.find((path) => spawnSync(path, ['-c', 'import torch, numpy'], { stdio: 'ignore' }).status === 0);
}

const encode = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

function decode(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** Undefined, with the reason printed, where PyTorch is not installed. */
export async function torchOn(problem: Problem): Promise<Contestant | undefined> {
  const python = findPython();
  if (!python) {
    console.log('PyTorch: not installed (Debian: apt-get install python3-torch libopenblas0-pthread), left out.');
    return undefined;
  }
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const script = fileURLToPath(new URL('../../trainer/bench/block-torch.py', import.meta.url));
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...one } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`);
    const answer = await lines.next();
    if (answer.done) throw new Error('PyTorch: the child process ended');
    return JSON.parse(answer.value);
  };
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
    close: () => child.stdin.end(),
  };
}
