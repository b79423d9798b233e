import { describe, expect, it } from 'vitest';
import { DeviceLostError } from '../backends/backend';
import type { RunEvent } from '../contract/run-event';
import { type TrainConfigInput, trainConfigSchema } from '../contract/train-config';
import { parseCheckpoint } from '../train/checkpoint';
import { executeRun, type RunOptions } from './execute-run';
import { type MemoryHost, memoryHost } from './memory-host.test-support';

const options = (change: TrainConfigInput = {}, more: Partial<RunOptions> = {}): RunOptions => ({
  config: trainConfigSchema.parse({ epochs: 2, batchSize: 2, heldOutFraction: 0.25, ...change }),
  scores: true,
  stopped: 'model',
  ...more,
});

/** Everything that a run said; `onEvent` may answer to it. */
async function follow(
  host: MemoryHost,
  what: RunOptions,
  onEvent: (event: RunEvent) => void | Promise<void> = () => {},
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of executeRun(host, what)) {
    events.push(event);
    await onEvent(event);
  }
  expect(host.open).toBe(0);
  return events;
}

const ofType = <Type extends RunEvent['type']>(events: readonly RunEvent[], type: Type) =>
  events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
const lossesIn = (events: readonly RunEvent[]) => ofType(events, 'metric').map(({ metric }) => metric.loss);
const weightsOf = ({ files }: MemoryHost) => Buffer.from(files.at(-1)!.bytes);
/** Each kind once where several of it follow each other. */
const story = (events: readonly RunEvent[]) =>
  events
    .map((event) => (event.type === 'phase' ? event.phase : event.type === 'scores' ? event.stage : event.type))
    .filter((name, i, all) => name !== all[i - 1]);

describe('a run', () => {
  it('sends its events in order from loading to the end, and saves the model', async () => {
    const host = memoryHost();
    const events = await follow(host, options());
    expect(story(events)).toEqual(
      ['backend', 'loading', 'trains', 'scoring-before', 'before', 'training', 'memory', 'metric', 'checkpoint'].concat(
        ['metric', 'saving', 'scoring-after', 'after', 'done'],
      ),
    );
    expect(ofType(events, 'metric').map(({ metric, totalSteps }) => [metric.step, totalSteps])).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((step) => [step, 6]),
    );
    expect(ofType(events, 'checkpoint')).toEqual([{ type: 'checkpoint', step: 3 }]);
    expect(host.files.map(({ name }) => name)).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'model.safetensors',
    ]);
    const [before, after] = ofType(events, 'scores');
    expect(before!.scores.filter(({ heldOut }) => heldOut)).toHaveLength(4);
    expect(after!.scores.map(({ score }) => score)).not.toEqual(before!.scores.map(({ score }) => score));
    const [done] = ofType(events, 'done');
    expect(done).toMatchObject({ status: 'finished', steps: 6, totalSteps: 6 });
    expect(done!.heldOutIds).toHaveLength(2);
    expect(done!.evaluation!.heldOut.after).toMatchObject({ pairs: 2, prompts: 2 });
    expect(done!.evaluation!.training!.after).toMatchObject({ pairs: 6, prompts: 6 });
  });

  it('with the same settings has the same losses and the same bytes', async () => {
    const [one, other] = [memoryHost(), memoryHost()];
    const losses = lossesIn(await follow(one, options()));
    expect(lossesIn(await follow(other, options()))).toEqual(losses);
    expect(weightsOf(one).equals(weightsOf(other))).toBe(true);
    expect(lossesIn(await follow(memoryHost(), options({ seed: 2 })))).not.toEqual(losses);
  });

  it('without scores trains the same, and says what the training itself measured', async () => {
    const [scored, bare] = [memoryHost(), memoryHost()];
    await follow(scored, options());
    const events = await follow(bare, options({}, { scores: false }));
    expect(weightsOf(bare).equals(weightsOf(scored))).toBe(true);
    expect(ofType(events, 'scores')).toEqual([]);
    expect(ofType(events, 'done')[0]!.evaluation).toEqual({
      heldOut: { before: expect.objectContaining({ pairs: 2 }), after: expect.objectContaining({ pairs: 2 }) },
    });
  });

  it('of an adapter leaves the adapter alone', async () => {
    const host = memoryHost();
    const events = await follow(host, options({ loraRank: 2 }));
    expect(host.files.map(({ name }) => name)).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    expect(ofType(events, 'trains')[0]!.parameters).toBeLessThan(100_000);
    expect(JSON.parse(new TextDecoder().decode(host.files[0]!.bytes))).toMatchObject({
      base_model_name_or_path: 'demo',
    });
  });
});

describe('a run that is stopped', () => {
  const stopAt = (host: MemoryHost, step: number) => (event: RunEvent) => {
    if (event.type === 'metric' && event.metric.step === step) host.stopping.abort();
  };

  it('saves the weights trained so far, scores them, and reports the step', async () => {
    const host = memoryHost();
    const events = await follow(host, options({ epochs: 20 }), stopAt(host, 2));
    const [done] = ofType(events, 'done');
    expect(done!.status).toBe('stopped');
    expect(done!.steps).toBeGreaterThanOrEqual(2);
    expect(done!.steps).toBeLessThan(60);
    expect(host.files).toHaveLength(4);
    expect(ofType(events, 'scores').map(({ stage }) => stage)).toEqual(['before', 'after']);
  });

  it('goes on from its checkpoint to the same bits as one that was not', async () => {
    const straight = memoryHost();
    const losses = lossesIn(await follow(straight, options()));
    const host = memoryHost();
    const stopped = options({}, { stopped: 'checkpoint' });
    const first = lossesIn(await follow(host, stopped, stopAt(host, 2)));
    expect(host.files).toEqual([]);
    const again = memoryHost({ readCheckpoint: host.readCheckpoint });
    const events = await follow(again, options());
    expect([...first, ...lossesIn(events)]).toEqual(losses);
    expect(weightsOf(again).equals(weightsOf(straight))).toBe(true);
  });

  it('before its first step saves nothing', async () => {
    const host = memoryHost();
    const events = await follow(host, options(), (event) => {
      if (event.type === 'backend') host.stopping.abort();
    });
    expect(events.at(-1)).toMatchObject({ type: 'done', status: 'stopped', steps: 0, evaluation: null });
    expect([host.files, host.checkpoint]).toEqual([[], null]);
  });

  it('before its first step is one only where the stop is what ended it', async () => {
    const ending = (reject: (signal: AbortSignal) => Promise<never>) => {
      const host: MemoryHost = memoryHost({
        async findModel(_, signal) {
          host.stopping.abort();
          return reject(signal);
        },
      });
      return follow(host, options());
    };
    const stopped = await ending(async (signal) => {
      throw signal.reason;
    });
    expect(stopped.at(-1)).toMatchObject({ type: 'done', status: 'stopped', steps: 0 });
    const broken = ending(async () => {
      throw new Error('the model is broken');
    });
    await expect(broken).rejects.toThrow('the model is broken');
  });

  it('while it loads a checkpoint, saves the weights of that checkpoint', async () => {
    const first = memoryHost();
    await follow(first, options({}, { stopped: 'checkpoint' }), stopAt(first, 2));
    const { state } = parseCheckpoint(first.checkpoint!);
    const wholeHost = memoryHost({ readCheckpoint: first.readCheckpoint });
    const whole = await follow(wholeHost, options({}, { stopped: 'model' }), (event) => {
      if (event.type === 'phase' && event.phase === 'training') wholeHost.stopping.abort();
    });
    const host = memoryHost({ readCheckpoint: first.readCheckpoint });
    const events = await follow(host, options(), (event) => {
      if (event.type === 'backend') host.stopping.abort();
    });
    const [done] = ofType(events, 'done');
    expect(done).toMatchObject({ status: 'stopped', steps: state.step, totalSteps: 6 });
    expect(done!.evaluation).toEqual({
      heldOut: ofType(whole, 'done')[0]!.evaluation!.heldOut,
      training: { before: null, after: expect.objectContaining({ pairs: 6 }) },
    });
    expect(weightsOf(host).equals(weightsOf(wholeHost))).toBe(true);
  });

  it('may go without the scores after it', async () => {
    const host = memoryHost();
    const events = await follow(host, options(), (event) => {
      if (event.type === 'phase' && event.phase === 'saving') host.skipping.abort();
    });
    expect(ofType(events, 'done')[0]).toMatchObject({ status: 'finished', evaluation: { heldOut: { after: null } } });
    expect(host.files).toHaveLength(4);
  });
});

describe('a run whose reader leaves', () => {
  it('ends in the middle, frees its device and saves nothing', async () => {
    const host = memoryHost();
    for await (const event of executeRun(host, options({ epochs: 50 }))) {
      if (event.type === 'metric' && event.metric.step === 1) break;
    }
    expect([host.opened, host.open]).toEqual([1, 0]);
    expect([host.files, host.checkpoint]).toEqual([[], null]);
  });

  it('when the model is saved already does not score it first', { timeout: 60_000 }, async () => {
    /** More than a block, of which the first is scored when the reader hears that it begins. */
    const copies = Array.from({ length: 16 }, (_, copy) => copy);
    /** How often the device was read from after the scoring had begun. */
    const reads = async (leaves: boolean) => {
      let count = 0;
      const host = memoryHost();
      const { openBackend, readRecords } = host;
      host.readRecords = async (...what) => {
        const records = await readRecords(...what);
        return copies.flatMap((copy) => records.map((record) => ({ ...record, id: `${record.id}-${copy}` as never })));
      };
      host.openBackend = async () => {
        const backend = await openBackend();
        const read = backend.read.bind(backend);
        backend.read = (...what) => {
          count++;
          return read(...what);
        };
        return backend;
      };
      for await (const event of executeRun(
        host,
        options({ loraRank: 1, heldOutFraction: 0.9, batchSize: 16, epochs: 1 }),
      )) {
        if (event.type !== 'phase' || event.phase !== 'scoring-after' || event.done > 0) continue;
        count = 0;
        if (leaves) break;
      }
      return count;
    };
    expect(await reads(false)).toBeGreaterThan(0);
    expect(await reads(true)).toBe(0);
  });
});

describe('a run whose host fails', () => {
  it.each([
    'openBackend',
    'findModel',
    'readRecords',
    'readCheckpoint',
    'surveyDevice',
    'saveCheckpoint',
    'saveFiles',
  ] as const)('by %s throws that error, and holds no device', async (method) => {
    const failing = async () => {
      throw new Error(`no ${method}`);
    };
    const host = memoryHost({ [method]: failing });
    await expect(follow(host, options())).rejects.toThrow(`no ${method}`);
    expect(host.open).toBe(0);
  });

  it('has sent the steps before a checkpoint when it is saved, and none after it', async () => {
    const heard: number[] = [];
    let heardWhenSaved: number[] = [];
    const host = memoryHost({
      async saveCheckpoint() {
        heardWhenSaved = [...heard];
        throw new Error('the disk is full');
      },
    });
    const followed = follow(host, options(), async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (event.type === 'metric') heard.push(event.metric.step);
    });
    await expect(followed).rejects.toThrow('the disk is full');
    expect(heardWhenSaved).toEqual([0, 1, 2, 3]);
    expect(heard).toEqual(heardWhenSaved);
  });
});

/** Takes the device that a host has from it: what reads from it next throws. */
function losable(host: MemoryHost): (reason?: GPUDeviceLostReason) => void {
  const { openBackend } = host;
  let lose: (reason: GPUDeviceLostReason) => void = () => {};
  host.openBackend = async () => {
    const backend = await openBackend();
    lose = (reason) => {
      backend.read = async () => {
        throw new DeviceLostError(reason, 'lost');
      };
    };
    return backend;
  };
  return (reason = 'unknown') => lose(reason);
}

/** Loses its first device when its first checkpoint is in safety. */
function losingHost(): MemoryHost {
  const host = memoryHost();
  const lose = losable(host);
  const { saveCheckpoint } = host;
  host.saveCheckpoint = async (checkpoint, end) => {
    if (host.checkpoint === null) lose();
    await saveCheckpoint(checkpoint, end);
  };
  return host;
}

describe('a run whose device is lost', () => {
  it('goes on with another from the last checkpoint, and ends with the same bits', { timeout: 30_000 }, async () => {
    const straight = memoryHost();
    await follow(straight, options());
    const host = losingHost();
    const events = await follow(host, options());
    expect(ofType(events, 'device-lost').map(({ step }) => step)).toEqual([3]);
    expect(ofType(events, 'backend')).toHaveLength(2);
    expect(ofType(events, 'metric').map(({ metric }) => metric.step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ofType(events, 'scores').map(({ stage }) => stage)).toEqual(['before', 'after']);
    expect(weightsOf(host).equals(weightsOf(straight))).toBe(true);
  });

  it('and that is stopped while it loads anew saves what it had learnt', { timeout: 30_000 }, async () => {
    const host = losingHost();
    const events = await follow(host, options(), (event) => {
      if (event.type === 'backend' && host.opened === 2) host.stopping.abort();
    });
    expect(ofType(events, 'done')[0]).toMatchObject({ status: 'stopped', steps: 3, totalSteps: 6 });
    expect(host.files).toHaveLength(4);
    expect(ofType(events, 'scores').map(({ stage }) => stage)).toEqual(['before', 'after']);
  });

  it('sends the loss, and then fails with a checkpoint that cannot be read', { timeout: 30_000 }, async () => {
    const host = losingHost();
    host.readCheckpoint = async () => {
      if (host.opened > 1) throw new Error('no checkpoint');
      return null;
    };
    const steps: unknown[] = [];
    const followed = follow(host, options(), (event) => {
      if (event.type === 'device-lost') steps.push(event.step);
    });
    await expect(followed).rejects.toThrow('no checkpoint');
    expect([steps, host.opened]).toEqual([[3], 2]);
  });

  it('for good ends with that loss, and asks for no checkpoint that nothing goes on from', async () => {
    const host = memoryHost();
    const lose = losable(host);
    let asked = 0;
    host.readCheckpoint = async () => {
      if (++asked > 1) throw new Error('no checkpoint');
      return null;
    };
    const followed = follow(host, options(), (event) => {
      if (event.type === 'metric') lose('destroyed');
    });
    await expect(followed).rejects.toThrow(DeviceLostError);
    expect(asked).toBe(1);
  });
});
