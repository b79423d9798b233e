/** Finds an adapter worth using and opens a device on it with all the adapter offers. */

export interface RequestDeviceOptions {
  /** Where adapters come from: `navigator.gpu` by default; Node has one through node-gpu.ts. */
  readonly gpu?: GPU;
  /** Accept an adapter that runs on the CPU. It is many times slower than the wasm backend: for tests. */
  readonly allowSoftware?: boolean;
  /** Features to take too, where the adapter has them. */
  readonly features?: readonly string[];
}

/** There is no GPU here that may be used. */
export class NoAdapterError extends Error {
  override readonly name = 'NoAdapterError';
}

/** Emulated adapters that do not report it themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

export function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter || SOFTWARE.test([info.architecture, info.device, info.description].join(' '));
}

/** For people: e.g. "GPU (nvidia hopper, WebGPU)". */
export function describeAdapter(info: GPUAdapterInfo): string {
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed';
  return isSoftware(info) ? `CPU (WebGPU emulated by ${name})` : `GPU (WebGPU, ${name})`;
}

/** Taken as far as the adapter goes; everything else stays at WebGPU's defaults. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'minUniformBufferOffsetAlignment',
] as const;

/** Taken where the adapter has them. */
const FEATURES: readonly GPUFeatureName[] = ['subgroups', 'shader-f16'];

/** Throws NoAdapterError. */
export async function requestDevice(
  options: RequestDeviceOptions = {},
): Promise<{ device: GPUDevice; description: string }> {
  const gpu = options.gpu ?? (globalThis.navigator as Navigator | undefined)?.gpu;
  if (!gpu) throw new NoAdapterError('there is no WebGPU here');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new NoAdapterError('WebGPU finds no adapter');
  if (isSoftware(adapter.info) && !options.allowSoftware) {
    throw new NoAdapterError(`WebGPU has only an emulated adapter (${describeAdapter(adapter.info)})`);
  }
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const wanted = [...FEATURES, ...(options.features ?? [])];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature)) as GPUFeatureName[];
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  return { device, description: describeAdapter(adapter.info) };
}
