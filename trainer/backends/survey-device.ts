/** Which device `createBackend` would take and what room it has, found out without taking it. */
import { LARGEST_MEMORY } from './wasm/heap';
import { describeAdapter, isSoftware } from './webgpu/request-device';

export interface DeviceSurvey {
  readonly kind: 'wasm' | 'webgpu';
  readonly description: string;
  /** As of the backend it would become. */
  readonly prefersHalf: boolean;
  /** Bytes that a training may take. Of a GPU nobody can ask it: what the person said. */
  readonly bytesLimit: number;
  /** Bytes of its largest buffer. */
  readonly bufferLimit: number;
}

/** `gpuBytes`: what a GPU is taken to have. `gpu`: default `navigator.gpu`. */
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
