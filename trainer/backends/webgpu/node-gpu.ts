/**
 * WebGPU in Node, through the optional package `webgpu`. A door of its own: the browser's bundle must never see it.
 */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

interface NodeWebGpu {
  create(flags: string[]): GPU;
  readonly globals: object;
}

/**
 * With these, Dawn offers subgroup matrices, which are experimental, and f16, which it otherwise leaves off on NVIDIA's
 * Vulkan drivers.
 */
export const MATRIX_UNIT_FLAGS = ['enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia'];

/** The package's object must outlive every use: once collected, it takes the process with it. */
const kept = globalThis as { rescueStudioGpu?: GPU };

/**
 * Null where the package is not installed or cannot be loaded, and on Linux where there is no Vulkan. `flags` of Dawn,
 * such as "enable-dawn-features=...", count in the first call of a process.
 */
export async function nodeGpu(flags: readonly string[] = []): Promise<GPU | null> {
  if (kept.rescueStudioGpu) return kept.rescueStudioGpu;
  if (process.platform === 'linux' && !loadVulkan()) return null;
  try {
    const { create, globals } = (await import('webgpu')) as unknown as NodeWebGpu;
    Object.assign(globalThis, globals);
    kept.rescueStudioGpu = create([...flags]);
    return kept.rescueStudioGpu;
  } catch {
    return null;
  }
}

const LOADER = 'libvulkan.so.1';
/** Not among Node's constants: the library stays although it is no Node module. */
const RTLD_NODELETE = 0x1000;

/**
 * Where a Vulkan driver is named by its manifest but the system has no Vulkan loader, one that lies beside the
 * manifest is used: Debian's Chromium brings SwiftShader and a loader in one folder.
 */
function loadVulkan(): boolean {
  if (loadLibrary(LOADER)) return true;
  const manifest = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  if (!manifest) return false;
  const beside = join(dirname(manifest.split(':')[0]!), LOADER);
  return existsSync(beside) && loadLibrary(beside);
}

function loadLibrary(path: string): boolean {
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, path, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    return true;
  } catch (error) {
    // It is no Node module, and Node says so once it has been loaded.
    return (error as Error).message.includes('did not self-register');
  }
}
