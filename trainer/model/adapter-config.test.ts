import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adapterLayers } from '../contract/train-config';
import { parseAdapterConfig, serializeAdapterConfig } from './adapter-config';

const peft = { peft_type: 'LORA', r: 8, lora_alpha: 16, target_modules: ['v_proj', 'q_proj'] };

describe('parseAdapterConfig', () => {
  it("reads PEFT's file, with every feature that is listed but switched off", () => {
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
      targets: ['v_proj', 'q_proj'],
      dropout: 0.05,
      baseModel: null,
    });
    expect(parseAdapterConfig({ ...peft, target_modules: 'all-linear' }).targets).toEqual(adapterLayers);
  });

  it('parses what it serializes', () => {
    const config = parseAdapterConfig({ ...peft, use_rslora: true, base_model_name_or_path: 'some/model' });
    expect(parseAdapterConfig(serializeAdapterConfig(config))).toEqual(config);
  });

  it('keeps patterns and targets of any kind as they stand', () => {
    const patterns = { rank_pattern: { 'layers.0.*': 4 }, alpha_pattern: { q_proj: 2.5 } };
    const paths = { target_modules: ['self_attn.q_proj', 'model.layers.1.mlp.up_proj', 'not_in_this_model'] };
    const pattern = { target_modules: '(?P<where>.*)\\.(q|v)_proj' };
    for (const change of [patterns, paths, pattern]) {
      const config = parseAdapterConfig({ ...peft, ...change });
      expect(serializeAdapterConfig(config)).toMatchObject(change);
      expect(parseAdapterConfig(serializeAdapterConfig(config))).toEqual(config);
    }
  });

  it('ignores fields of other methods that are off, and of how the training ran', () => {
    const file = {
      ...peft,
      alora_invocation_tokens: null,
      arrow_config: null,
      auto_mapping: null,
      corda_config: null,
      ensure_weight_tying: false,
      eva_config: { rho: 2 },
      exclude_modules: null,
      fan_in_fan_out: false,
      inference_mode: true,
      layer_replication: null,
      layers_pattern: null,
      layers_to_transform: null,
      loftq_config: {},
      lora_bias: false,
      megatron_config: null,
      megatron_core: 'megatron.core',
      peft_version: '0.18.0',
      qalora_group_size: 16,
      revision: null,
      target_parameters: null,
      task_type: 'CAUSAL_LM',
      trainable_token_indices: null,
      use_dora: false,
      use_qalora: false,
      use_rslora: false,
    };
    expect(parseAdapterConfig(file)).toEqual(parseAdapterConfig(peft));
  });

  it('refuses an adapter whose initialisation changed its base model', () => {
    const file = readFileSync(new URL('../fixtures/lora-ga/adapter_config.json', import.meta.url), 'utf8');
    expect(() => parseAdapterConfig(JSON.parse(file))).toThrow(
      'adapter_config.json: not supported: init_lora_weights "lora_ga"',
    );
  });

  it.each([
    [{ peft_type: 'IA3' }, /peft_type "IA3" is not supported/],
    [{ use_dora: true }, /not supported: use_dora/],
    [{ modules_to_save: ['lm_head'], bias: 'all' }, /not supported: modules_to_save, bias "all"/],
    [{ rank_pattern: { q_proj: 0 } }, /rank_pattern\.q_proj: must be at least 1/],
    [{ alpha_pattern: { '(q_proj': 4 } }, /the pattern "\(q_proj" cannot be read/],
    [{ target_modules: '(?:\\w+\\.)*q_proj' }, /the pattern "\(\?:\\w\+\\\.\)\*q_proj" is too complex/],
    [{ rank_pattern: { '.*.*.*.*.*.*.*x': 4 } }, /is too complex/],
    [{ target_modules: '\\Aq_proj' }, /cannot be read/],
    [{ init_lora_weights: 'pissa_niter_16' }, /init_lora_weights "pissa_niter_16"/],
    [{ init_lora_weights: 'mica' }, /init_lora_weights "mica"/],
    [{ init_lora_weights: 'a_start_of_tomorrow' }, /init_lora_weights "a_start_of_tomorrow"/],
    [{ kasa_config: { beta: 1 } }, /not supported: kasa_config$/],
    [{ use_tomorrow: true, tomorrow_scale: 2 }, /not supported: use_tomorrow, tomorrow_scale$/],
    [{ fan_in_fan_out: true }, /fan_in_fan_out/],
    [{ layers_to_transform: 3 }, /layers_to_transform/],
    [{ target_modules: ['lm_head'] }, /"lm_head" cannot have an adapter; these can: q_proj/],
    [{ target_modules: '.*' }, /"lm_head" cannot have an adapter/],
    [{ target_modules: ['q_proj', 'embed_tokens'] }, /"model\.embed_tokens" cannot have an adapter/],
    [{ target_modules: [] }, /target_modules/],
    [{ r: 0 }, /: r: must be at least 1$/],
    [{ lora_dropout: 1 }, /lora_dropout/],
  ])('refuses %j in words', (change, message) => {
    expect(() => parseAdapterConfig({ ...peft, ...change })).toThrow(message);
  });
});
