/**
 * Whether sums over a workgroup may use subgroups on a device. `sumOverThreads` requires that the threads of a subgroup
 * are consecutive in the workgroup, which WGSL does not guarantee, so it is tested once per device.
 */
import { type Kernel, write } from './kernel';
import { ROW_THREADS } from './kernels/rows';
import type { ReadBack } from './read-back';
import { type Recorder, whole } from './recorder';

const probeKernel: Kernel<never> = {
  name: 'probeSubgroups',
  bindings: [write('seen', 'u32')],
  params: {},
  needsSubgroups: true,
  code: `
@compute @workgroup_size(${ROW_THREADS})
fn main(@builtin(local_invocation_index) thread: u32) {
  seen[2u * thread] = subgroupBroadcastFirst(thread);
  seen[2u * thread + 1u] = subgroupAdd(1u);
}`,
};

/** `seen`: for each thread, the first thread and the width of its subgroup. */
export function areConsecutive(seen: Uint32Array): boolean {
  const width = seen[1]!;
  if (width < 2 || ROW_THREADS % width !== 0) return false;
  for (let thread = 0; 2 * thread < seen.length; thread++) {
    if (seen[2 * thread] !== thread - (thread % width) || seen[2 * thread + 1] !== width) return false;
  }
  return true;
}

const probed = new WeakMap<GPUDevice, Promise<boolean>>();

export function probeSubgroups(recorder: Recorder, readBack: ReadBack): Promise<boolean> {
  const { device } = recorder;
  if (!device.features.has('subgroups')) return Promise.resolve(false);
  let answer = probed.get(device);
  if (!answer) {
    answer = probe(recorder, readBack);
    probed.set(device, answer);
  }
  return answer;
}

async function probe(recorder: Recorder, readBack: ReadBack): Promise<boolean> {
  const words = 2 * ROW_THREADS;
  const seen = recorder.scratch(words);
  recorder.dispatch(probeKernel, [whole(seen)], {}, 1);
  const staging = readBack.take(words * 4);
  recorder.copy(seen, 0, staging, words * 4);
  recorder.pool.release(seen);
  recorder.flush();
  const values = await readBack.values(staging, words);
  readBack.give(staging);
  return areConsecutive(new Uint32Array(values.buffer, values.byteOffset, words));
}
