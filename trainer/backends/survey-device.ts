/** Finds out which device `createBackend` would choose and how much memory it has, without allocating on it. */
import { LARGEST_MEMORY } from './wasm/heap';
import { describeAdapter, isSoftware } from './webgpu/request-device';

export interface DeviceSurvey {
  readonly kind: 'wasm' | 'webgpu';
  readonly description: string;
  /** Whether the backend would prefer f16 activations. */
  readonly prefersHalf: boolean;
  /** Bytes that a training may take. A GPU does not report it, so there it is `gpuBytes`. */
  readonly bytesLimit: number;
  /** Bytes of the largest buffer that the device allows. */
  readonly bufferLimit: number;
}

/** `gpuBytes`: the memory to assume of a GPU. `gpu`: default `navigator.gpu`. */
export async function surveyDevice({ gpuBytes, gpu }: { gpuBytes: number; gpu?: GPU | null }): Promise<DeviceSurvey> {
  const source = gpu === undefined ? (globalThis.navigator as Navigator | undefined)?.gpu : gpu;
  const adapter = await source?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (adapter && !isSoftware(adapter.info)) {
    return {
      kind: 'webgpu',
      description: describeAdapter(adapter.info),
      prefersHalf: adapter.features.has('shader-f16'),
      bytesLimit: gpuBytes,
      bufferLimit: adapter.limits.maxBufferSize,
    };
  }
  return {
    kind: 'wasm',
    description: 'CPU (WebAssembly)',
    prefersHalf: false,
    bytesLimit: LARGEST_MEMORY,
    bufferLimit: LARGEST_MEMORY,
  };
}
