/**
 * A WebGPU device for tests, emulated on the CPU. On a machine without a GPU, WebGPU needs an emulating Vulkan driver,
 * which Debian's chromium (SwiftShader) or mesa-vulkan-drivers >= 25 (lavapipe) provide.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeGpu } from './node-gpu';
import { requestDevice } from './request-device';

const FOLDERS: readonly [folder: string, manifest: RegExp][] = [
  ['/usr/lib/chromium', /^vk_swiftshader_icd\.json$/],
  ['/usr/lib/chromium-browser', /^vk_swiftshader_icd\.json$/],
  ['/opt/google/chrome', /^vk_swiftshader_icd\.json$/],
  ['/usr/share/vulkan/icd.d', /^lvp_icd.*\.json$/],
];

/** The manifest of an emulating Vulkan driver, or null. */
export function findSoftwareDriver(): string | null {
  for (const [folder, manifest] of FOLDERS) {
    if (!existsSync(folder)) continue;
    const found = readdirSync(folder).find((file) => manifest.test(file));
    if (found) return join(folder, found);
  }
  return null;
}

type TestingDevice = { device: GPUDevice; why: '' } | { device: null; why: string };

let requested: Promise<TestingDevice> | undefined;

/** One device per test file, on the driver that VK_ICD_FILENAMES names or that is found; else null and the reason. */
export function testingDevice(): Promise<TestingDevice> {
  requested ??= request();
  return requested;
}

/** A new device, for tests that destroy it. */
export async function newTestingDevice(): Promise<GPUDevice> {
  return (await requestDevice({ gpu: (await nodeGpu())!, allowSoftware: true })).device;
}

export interface LosableDevice {
  readonly device: GPUDevice;
  /** Loses the device as a driver would: for good, and not at this program's request. */
  lose(message?: string): void;
}

/** Lets a test lose this device. */
export function losable(device: GPUDevice): LosableDevice {
  let resolve!: (info: GPUDeviceLostInfo) => void;
  const lost = new Promise<GPUDeviceLostInfo>((done) => {
    resolve = done;
  });
  Object.defineProperty(device, 'lost', { value: lost });
  return {
    device,
    lose(message = 'the driver was reset') {
      device.destroy();
      resolve({ reason: 'unknown', message } as GPUDeviceLostInfo);
    },
  };
}

async function request(): Promise<TestingDevice> {
  if (!process.env.VK_ICD_FILENAMES && !process.env.VK_DRIVER_FILES) {
    const driver = findSoftwareDriver();
    if (driver) process.env.VK_ICD_FILENAMES = driver;
  }
  try {
    const gpu = await nodeGpu();
    if (!gpu) return { device: null, why: 'the package `webgpu` cannot be loaded here, or there is no Vulkan' };
    return { device: (await requestDevice({ gpu, allowSoftware: true })).device, why: '' };
  } catch (error) {
    return { device: null, why: `${(error as Error).message}; chromium or mesa-vulkan-drivers bring one for tests` };
  }
}
