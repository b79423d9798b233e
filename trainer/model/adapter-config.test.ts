import { describe, expect, it } from 'vitest';
import {
  adapterScale,
  adapterTargets,
  parseAdapterConfig,
  parseTargets,
  serializeAdapterConfig,
} from './adapter-config';

const peft = { peft_type: 'LORA', r: 8, lora_alpha: 16, target_modules: ['v_proj', 'q_proj'] };

describe('parseAdapterConfig', () => {
  it("reads PEFT's file, whatever it lists but leaves off", () => {
    const off = {
      use_dora: false,
      modules_to_save: null,
      rank_pattern: {},
      init_lora_weights: 'gaussian',
      bias: 'none',
    };
    expect(parseAdapterConfig({ ...peft, ...off, lora_dropout: 0.05, task_type: 'CAUSAL_LM' })).toEqual({
      rank: 8,
      alpha: 16,
      rankStabilized: false,
      targets: ['q_proj', 'v_proj'],
      dropout: 0.05,
      baseModel: null,
    });
    expect(parseAdapterConfig({ ...peft, target_modules: 'all-linear' }).targets).toEqual(adapterTargets);
  });

  it('gives back what it writes', () => {
    const config = parseAdapterConfig({ ...peft, use_rslora: true, base_model_name_or_path: 'some/model' });
    expect(parseAdapterConfig(serializeAdapterConfig(config))).toEqual(config);
  });

  it('scales by alpha / r, or alpha / sqrt(r) where it is rank-stabilised', () => {
    expect(adapterScale(parseAdapterConfig(peft))).toBe(2);
    expect(adapterScale(parseAdapterConfig({ ...peft, r: 16, use_rslora: true }))).toBe(4);
  });

  it.each([
    [{ peft_type: 'IA3' }, /peft_type "IA3" is not supported/],
    [{ use_dora: true }, /not supported: use_dora/],
    [{ modules_to_save: ['lm_head'], bias: 'all' }, /not supported: modules_to_save, bias "all"/],
    [{ rank_pattern: { q_proj: 4 } }, /rank_pattern/],
    [{ init_lora_weights: 'pissa_niter_16' }, /init_lora_weights "pissa_niter_16"/],
    [{ layers_to_transform: 3 }, /layers_to_transform/],
    [{ target_modules: ['lm_head'] }, /"lm_head" cannot be adapted; these can: q_proj/],
    [{ target_modules: '.*attn.*' }, /target_modules is a pattern/],
    [{ target_modules: [] }, /target_modules/],
    [{ r: 0 }, /: r: must be at least 1$/],
    [{ lora_dropout: 1 }, /lora_dropout/],
  ])('refuses %j in words', (change, message) => {
    expect(() => parseAdapterConfig({ ...peft, ...change })).toThrow(message);
  });

  it('orders targets and takes each once', () => {
    expect(parseTargets(['down_proj', 'q_proj', 'q_proj'])).toEqual(['q_proj', 'down_proj']);
    expect(() => parseTargets([])).toThrow('needs a target');
  });
});
