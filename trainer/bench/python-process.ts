/** A Python script with PyTorch as a child process on one thread: one JSON request a line, one JSON answer a line. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The interpreter that has torch: PYTHON when set, else the system's, else the first on the path. */
function findPython(): string | undefined {
  const candidates = [process.env.PYTHON, '/usr/bin/python3', 'python3'].filter((path) => path !== undefined);
  return candidates.find((path) => spawnSync(path, ['-c', 'import torch, numpy'], { stdio: 'ignore' }).status === 0);
}

export interface PythonProcess {
  ask(line: string): Promise<ReturnType<typeof JSON.parse>>;
  close(): void;
}

/** Undefined, with the reason printed, where PyTorch is not installed. `script`: a file of trainer/bench. */
export function startPython(script: string): PythonProcess | undefined {
  const python = findPython();
  if (!python) {
    console.log('PyTorch: not installed (Debian: apt-get install python3-torch libopenblas0-pthread), left out.');
    return undefined;
  }
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
  // Bundles lie in dist/bench, two folders below the root as this file does.
  const path = fileURLToPath(new URL(`../../trainer/bench/${script}`, import.meta.url));
  const child = spawn(python, [path], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...one } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const answer = await lines.next();
      if (answer.done) throw new Error('PyTorch: the child process ended');
      return JSON.parse(answer.value);
    },
    close: () => child.stdin.end(),
  };
}
