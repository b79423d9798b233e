import { describe, expect, it } from 'vitest';
import { DeviceLostError } from '../backends/backend';
import type { RunEvent } from '../contract/run-event';
import { type TrainConfigInput, trainConfigSchema } from '../contract/train-config';
import { executeRun, type RunOptions } from './execute-run';
import { type MemoryHost, memoryHost } from './testing-host';

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
  it('is told from loading to its end, in order, and leaves the model', async () => {
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

  it('leaves what it learnt, scores it, and says how far it came', async () => {
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

  it('before its first step has nothing to keep', async () => {
    const host = memoryHost();
    const events = await follow(host, options(), (event) => {
      if (event.type === 'backend') host.stopping.abort();
    });
    expect(events.at(-1)).toMatchObject({ type: 'done', status: 'stopped', steps: 0, evaluation: null });
    expect([host.files, host.checkpoint]).toEqual([[], null]);
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

  it('has told the steps before a checkpoint when that is saved, and none after it', async () => {
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

describe('a run whose device is lost', () => {
  it('goes on with another from the last checkpoint, and ends with the same bits', { timeout: 30_000 }, async () => {
    const straight = memoryHost();
    await follow(straight, options());
    const host = memoryHost();
    const { saveCheckpoint } = host;
    let lose = true;
    host.saveCheckpoint = async (checkpoint, end) => {
      await saveCheckpoint(checkpoint, end);
      if (!lose) return;
      lose = false;
      throw new DeviceLostError('unknown', 'lost');
    };
    const events = await follow(host, options());
    expect(ofType(events, 'device-lost').map(({ step }) => step)).toEqual([3]);
    expect(ofType(events, 'backend')).toHaveLength(2);
    expect(ofType(events, 'metric').map(({ metric }) => metric.step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ofType(events, 'scores').map(({ stage }) => stage)).toEqual(['before', 'after']);
    expect(weightsOf(host).equals(weightsOf(straight))).toBe(true);
  });
});
