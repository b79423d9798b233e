/** Finds an adapter worth using and opens a device on it with all the adapter offers. */

export interface RequestDeviceOptions {
  /** Where adapters come from: `navigator.gpu` by default; Node has one through node-gpu.ts. */
  readonly gpu?: GPU;
  /** Accept an adapter that runs on the CPU. It is many times slower than the wasm backend: for tests. */
  readonly allowSoftware?: boolean;
  /** See RecorderOptions. */
  readonly matrixUnits?: boolean;
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

/** Experimental, and only taken where the options ask for it. */
const SUBGROUP_MATRICES = 'chromium-experimental-subgroup-matrix';

interface MatrixConfig {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** An adapter says which matrices it multiplies, a device does not. */
const withMatrixUnits = new WeakSet<GPUDevice>();

/** The device multiplies 16 x 16 matrices of f16 into f32, by subgroups of 32 threads. */
export const hasMatrixUnits = (device: GPUDevice): boolean => withMatrixUnits.has(device);

function offersMatrixUnits({ features, info }: GPUAdapter): boolean {
  const has = (name: string) => (features as ReadonlySet<string>).has(name);
  const { subgroupMatrixConfigs = [] } = info as { readonly subgroupMatrixConfigs?: Iterable<MatrixConfig> };
  return (
    has(SUBGROUP_MATRICES) &&
    has('shader-f16') &&
    info.subgroupMinSize === 32 &&
    info.subgroupMaxSize === 32 &&
    [...subgroupMatrixConfigs].some(
      ({ componentType, resultComponentType, M, N, K }) =>
        componentType === 'f16' && resultComponentType === 'f32' && M === 16 && N === 16 && K === 16,
    )
  );
}

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
  const units = options.matrixUnits === true && offersMatrixUnits(adapter);
  const wanted = [...FEATURES, ...(units ? [SUBGROUP_MATRICES] : []), ...(options.features ?? [])];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature)) as GPUFeatureName[];
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  if (units) withMatrixUnits.add(device);
  return { device, description: describeAdapter(adapter.info) };
}
