import { describe, expect, it } from 'vitest';
import {
  adapterLayers,
  adapterSettings,
  defaultTrainConfig,
  parseAdapterLayers,
  settingInputs,
  storedTrainConfigSchema,
  trainConfigFields,
  trainConfigKeys,
  trainConfigSchema,
} from './train-config';

describe('a training config', () => {
  it('has a default for every omitted setting, and refuses unknown ones', () => {
    expect(trainConfigSchema.parse({ alpha: 0.3 })).toEqual({ ...defaultTrainConfig, alpha: 0.3 });
    expect(trainConfigSchema.safeParse({ alhpa: 0.3 }).error?.issues[0]?.code).toBe('unrecognized_keys');
  });

  it('fills in the learning rate: an adapter’s is ten times the whole model’s', () => {
    expect(trainConfigSchema.parse({}).learningRate).toBe(5e-4);
    expect(trainConfigSchema.parse({ loraRank: 8 }).learningRate).toBe(5e-3);
    expect(trainConfigSchema.parse({ loraRank: 8, learningRate: 5e-4 }).learningRate).toBe(5e-4);
  });

  it('accepts settings of an adapter only where there is one', () => {
    for (const setting of [{ loraAlpha: 4 }, { loraDropout: 0 }, { loraTargets: 'q_proj' }]) {
      expect(trainConfigSchema.safeParse(setting).error?.issues[0]).toMatchObject({ message: 'trainer.rankNeeded' });
      expect(trainConfigSchema.safeParse({ ...setting, loraRank: 2 }).success).toBe(true);
    }
  });

  it('accepts layers by name, with or without whitespace', () => {
    expect(trainConfigSchema.parse({ loraRank: 2, loraTargets: 'v_proj, q_proj' }).loraTargets).toBe('v_proj,q_proj');
    for (const loraTargets of ['q_proj,head', 'q_proj,', '', 'q_proj;v_proj']) {
      const parsed = trainConfigSchema.safeParse({ loraRank: 2, loraTargets });
      expect(parsed.error?.issues[0]).toMatchObject({ path: ['loraTargets'], message: 'trainer.layerNames' });
    }
  });
});

describe('a stored config', () => {
  it('of a version before adapters and cut prompts reads as what it trained', () => {
    const stored = {
      seed: 1,
      alpha: 0.1,
      epochs: 3,
      margin: 0,
      packing: 'shared',
      clipNorm: 1,
      batchSize: 4,
      reduction: 'sum',
      lambdaHuman: 1,
      lambdaModel: 0.85,
      warmupRatio: 0.05,
      weightDecay: 0.01,
      accumulation: 1,
      learningRate: 0.0005,
      heldOutFraction: 0.2,
    };
    expect(storedTrainConfigSchema.parse(stored)).toEqual(stored);
    expect(storedTrainConfigSchema.parse(stored)).toEqual(defaultTrainConfig);
  });

  it('gets defaults for settings that it lacks, and drops settings that no longer exist', () => {
    const { packing: _, ...older } = defaultTrainConfig;
    expect(storedTrainConfigSchema.parse({ ...older, warmupSteps: 10 })).toEqual(defaultTrainConfig);
  });
});

describe('a stored config of other limits', () => {
  it('reads as it was stored, layers without the blanks that were typed between them', () => {
    const older = {
      ...defaultTrainConfig,
      ...{ lambdaModel: -0.5, batchSize: 512, epochs: 2000, seed: 2 ** 40, margin: 200, learningRate: 2 },
      ...{ loraRank: 600, loraAlpha: 5000, loraDropout: 0.95, maxLength: 2_000_000 },
    };
    const read = storedTrainConfigSchema.parse({ ...older, loraTargets: 'q_proj, v_proj' });
    expect(read).toEqual({ ...older, loraTargets: 'q_proj,v_proj' });
    expect(trainConfigSchema.safeParse(older).success).toBe(false);
  });

  it('has every setting and default of today, and types: the control', () => {
    expect(storedTrainConfigSchema.parse({})).toEqual(defaultTrainConfig);
    for (const key of trainConfigKeys.all) {
      expect([key, storedTrainConfigSchema.safeParse({ [key]: [] }).success]).toEqual([key, false]);
    }
    expect(storedTrainConfigSchema.safeParse({ packing: 'another' }).success).toBe(false);
  });
});

describe('what can be asked of people', () => {
  it('is every setting once, with its words and its form', () => {
    const { main, advanced, adapter, all } = trainConfigKeys;
    expect([...main, ...advanced, ...adapter]).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
    for (const key of all) expect(trainConfigFields[key].description).toMatch(/\S \S/);
  });

  it('numbers have a lowest and a highest value, which the schema takes, and nothing beyond', () => {
    for (const key of trainConfigKeys.all) {
      const input = settingInputs[key];
      const accepts = (value: unknown) => trainConfigFields[key].safeParse(value).success;
      if (input.kind === 'number') {
        const { low, includesLow, high } = input.limits;
        expect([key, accepts(low), accepts(high)]).toEqual([key, includesLow, true]);
        expect([key, accepts(low - 1), accepts(high + 1)]).toEqual([key, false, false]);
        expect([key, accepts(low + 0.5)]).toEqual([key, !input.whole]);
      } else if (input.kind === 'choice') {
        expect(input.choices.map(accepts)).toEqual(input.choices.map(() => true));
        expect(accepts('another')).toBe(false);
      } else expect(accepts(adapterLayers.join(','))).toBe(true);
    }
  });
});

describe('an adapter', () => {
  it('is all linear layers at twice the rank, without dropout, where nothing else is said', () => {
    expect(adapterSettings({ loraRank: 8 })).toEqual({
      loraRank: 8,
      loraAlpha: 16,
      loraDropout: 0,
      loraTargets: 'q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj',
    });
    expect(adapterSettings({ loraRank: 2, loraAlpha: 3, loraDropout: 0.1, loraTargets: 'q_proj' })).toEqual({
      loraRank: 2,
      loraAlpha: 3,
      loraDropout: 0.1,
      loraTargets: 'q_proj',
    });
    expect(adapterSettings({})).toBeNull();
  });

  it('has its layers in the order of the forward pass, each once', () => {
    expect(parseAdapterLayers('down_proj,q_proj,q_proj')).toEqual(['q_proj', 'down_proj']);
    expect(parseAdapterLayers('')).toEqual([]);
  });
});
