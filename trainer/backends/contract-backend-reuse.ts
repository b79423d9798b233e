/**
 * Backends that the contract suite uses again, because one with workers takes longer to start than most checks take.
 */
import { afterAll } from 'vitest';
import type { Backend, Tensor } from './backend';

/** Creates backends whose `dispose` frees their tensors and keeps them for the next caller; all end with the suite. */
export function reuseBackends(make: () => Promise<Backend>): () => Promise<Backend> {
  const made: Backend[] = [];
  const idle: Backend[] = [];
  afterAll(() => {
    for (const backend of made) backend.dispose();
  });
  return async () => {
    let backend = idle.pop();
    if (!backend) {
      backend = await make();
      made.push(backend);
    }
    return lend(backend, (returned) => idle.push(returned));
  };
}

function lend(backend: Backend, giveBack: (backend: Backend) => void): Backend {
  const live = new Set<Tensor>();
  const note = (tensor: Tensor) => {
    live.add(tensor);
    return tensor;
  };
  const own: Partial<Backend> = {
    alloc: (length) => note(backend.alloc(length)),
    allocInt: (length) => note(backend.allocInt(length)),
    free(tensor) {
      backend.free(tensor);
      live.delete(tensor);
    },
    dispose() {
      for (const tensor of live) backend.free(tensor);
      giveBack(backend);
    },
  };
  return new Proxy(backend, {
    get(target, name) {
      const value = Reflect.get(own, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
