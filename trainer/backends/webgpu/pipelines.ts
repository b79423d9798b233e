/** Compiled kernels and bind group layouts of a device, made once and shared by all backends on it. */
import { type Binding, type Kernel, shaderOf } from './kernel';

export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly storage: StorageLayout;
}

/** Kernels that bind as many buffers with the same access share layout and bind groups. */
export interface StorageLayout {
  readonly id: number;
  readonly layout: GPUBindGroupLayout;
}

const byDevice = new WeakMap<GPUDevice, Pipelines>();

export function pipelinesOf(device: GPUDevice): Pipelines {
  let pipelines = byDevice.get(device);
  if (!pipelines) {
    pipelines = new Pipelines(device);
    byDevice.set(device, pipelines);
  }
  return pipelines;
}

class Pipelines {
  /** Group 1 of every kernel: its parameters at a dynamic offset. */
  readonly params: GPUBindGroupLayout;
  /** Whether kernels may use them; before that is known, they do not. */
  subgroups = false;
  private readonly compiled = new Map<string, CompiledKernel>();
  private readonly layouts = new Map<string, StorageLayout>();

  constructor(private readonly device: GPUDevice) {
    this.params = device.createBindGroupLayout({
      entries: [
        {
          binding: 0,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'uniform', hasDynamicOffset: true },
        },
      ],
    });
  }

  get(kernel: Kernel): CompiledKernel {
    let compiled = this.compiled.get(kernel.name);
    if (!compiled) {
      compiled = this.compile(kernel);
      this.compiled.set(kernel.name, compiled);
    }
    return compiled;
  }

  /** Compiles the kernels that are not there yet, side by side where the device can. */
  async compileAll(kernels: Iterable<Kernel>): Promise<void> {
    const missing = new Map([...kernels].map((kernel) => [kernel.name, kernel]));
    for (const name of this.compiled.keys()) missing.delete(name);
    await Promise.all(
      [...missing.values()].map(async (kernel) => {
        const { storage, descriptor } = this.describe(kernel);
        const pipeline = await this.device.createComputePipelineAsync(descriptor);
        this.compiled.set(kernel.name, { pipeline, storage });
      }),
    );
  }

  private compile(kernel: Kernel): CompiledKernel {
    const { storage, descriptor } = this.describe(kernel);
    return { pipeline: this.device.createComputePipeline(descriptor), storage };
  }

  private describe(kernel: Kernel): { storage: StorageLayout; descriptor: GPUComputePipelineDescriptor } {
    const { device } = this;
    const storage = this.storageLayout(kernel.bindings);
    const label = kernel.name;
    const layout = device.createPipelineLayout({ bindGroupLayouts: [storage.layout, this.params] });
    const module = device.createShaderModule({ label, code: shaderOf(kernel, this) });
    return { storage, descriptor: { label, layout, compute: { module, entryPoint: 'main' } } };
  }

  private storageLayout(bindings: readonly Binding[]): StorageLayout {
    const key = bindings.map(({ access }) => access).join();
    let layout = this.layouts.get(key);
    if (!layout) {
      const entries = bindings.map(({ access }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
      }));
      layout = { id: this.layouts.size, layout: this.device.createBindGroupLayout({ entries }) };
      this.layouts.set(key, layout);
    }
    return layout;
  }
}

export type { Pipelines };
