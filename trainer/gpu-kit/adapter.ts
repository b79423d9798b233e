/** What a GPU says of itself, as far as kernels depend on it. */
import type { BenchDevice } from './bench-device';
import type { Table } from './report';

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'minUniformBufferOffsetAlignment',
] as const;

export async function describeGpu({ gpu, device }: BenchDevice): Promise<Table> {
  const { info, features } = (await gpu.requestAdapter())!;
  const { subgroupMatrixConfigs = [] } = info as { readonly subgroupMatrixConfigs?: Iterable<object> };
  return {
    title: 'Adapter',
    head: ['what', 'value'],
    rows: [
      ['vendor, architecture, device', [info.vendor, info.architecture, info.device, info.description].join(', ')],
      ['subgroup size', `${info.subgroupMinSize} to ${info.subgroupMaxSize}`],
      ['features offered', [...features].join(' ')],
      ['features taken', [...device.features].join(' ')],
      ['subgroup matrices', [...subgroupMatrixConfigs].map(describeConfig).join('; ')],
      ...LIMITS.map((name) => [name, String(device.limits[name])]),
    ],
  };
}

function describeConfig(config: object): string {
  const { componentType, resultComponentType, M, N, K } = config as Record<string, unknown>;
  return `${componentType} -> ${resultComponentType} ${M} x ${N} x ${K}`;
}
