/**
 * A WebGPU device for tests, on a CPU: WebGPU on a machine without a GPU needs a Vulkan driver that emulates one, and
 * Debian's chromium (SwiftShader) or mesa-vulkan-drivers >= 25 (lavapipe) bring one.
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

/** One device for a test file, on the driver that VK_ICD_FILENAMES names or that is found; else null and why. */
export function testingDevice(): Promise<TestingDevice> {
  requested ??= request();
  return requested;
}

/** A device of its own, for tests that end it. */
export async function ownTestingDevice(): Promise<GPUDevice> {
  return (await requestDevice({ gpu: (await nodeGpu())!, allowSoftware: true })).device;
}

export interface MortalDevice {
  readonly device: GPUDevice;
  /** As a driver loses it: gone for good, and not by this program's wish. */
  lose(message?: string): void;
}

/** Makes it possible for a test to lose this device. */
export function mortal(device: GPUDevice): MortalDevice {
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
