/** Runs in the page: the implementations of a training step, on the browser's own WebGPU. */
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { isSoftware, requestDevice } from '../../trainer/backends/webgpu/request-device';
import { createWebGpuBackend } from '../../trainer/backends/webgpu/webgpu-backend';
import { jaxStep } from '../../trainer/bench/step-jax';
import { makeStepProblem, type StepImplementation, type StepProblem } from '../../trainer/bench/step-problem';
import { projectStep } from '../../trainer/bench/step-project';
import { tfjsStep } from '../../trainer/bench/step-tfjs';
import type { ModelConfig } from '../../trainer/model/config';

export type PageContestant = 'ours' | 'tfjs' | 'jax-js';

const running = new Map<PageContestant, StepImplementation>();

const makers: Record<PageContestant, (problem: StepProblem) => Promise<StepImplementation>> = {
  async ours(problem) {
    return projectStep(await createWebGpuBackend({ allowSoftware: true }), 'ours, WebGPU', problem);
  },
  async tfjs(problem) {
    if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs: no WebGPU backend');
    await tf.ready();
    return tfjsStep(problem, `tfjs ${tf.version_core}, WebGPU`);
  },
  'jax-js': (problem) => jaxStep(problem, 'webgpu', 'jax-js 0.1, WebGPU'),
};

const pageApi = {
  /** Null where there is no adapter. */
  async adapter() {
    try {
      const { device, description } = await requestDevice({ allowSoftware: true });
      const software = isSoftware(device.adapterInfo);
      device.destroy();
      return { description, software };
    } catch {
      return null;
    }
  },

  /** The problem is made here: random from a seed, and so the same as everywhere. Returns the implementation's name. */
  async start(kind: PageContestant, config: ModelConfig, batch: number, length: number) {
    const implementation = await makers[kind](makeStepProblem(config, batch, length));
    running.set(kind, implementation);
    return implementation.name;
  },
  run: (kind: PageContestant) => running.get(kind)!.run(),
  multiply: (kind: PageContestant, size: number, times: number) => running.get(kind)!.multiply(size, times),
  async close(kind: PageContestant) {
    await running.get(kind)!.close();
    running.delete(kind);
  },
};

export type StepPageApi = typeof pageApi;
Object.assign(globalThis, { pageApi });
