import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { inEnglish } from '../contract/english';
import type { SnapshotRecord } from '../contract/record';
import { storiesGoldens, tinyGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { activationBytesPerRow } from '../model/workspace';
import { train } from '../train/train';
import { parseTrainConfig } from '../train/train-config';
import { defaultMaxRows, scorePrompts, scoreRecords } from './score-records';

describe('scorePrompts', () => {
  const prompts = tinyPrompts({ count: 12 });

  it('gives the same scores under both packings and any block size, in order', async () => {
    const model = await tinyGoldens.loadModel(createReferenceBackend());
    const progress: number[] = [];
    const shared = await scorePrompts(model, prompts, { packing: 'shared', onProgress: (p) => progress.push(p.done) });
    const naive = await scorePrompts(model, prompts, { packing: 'naive', maxRows: 100 });
    const key = ({ promptId, responseId }: { promptId: string; responseId: string }) => `${promptId}/${responseId}`;
    expect(shared.map(key)).toEqual(prompts.flatMap(({ id, responses }) => responses.map((r) => `${id}/${r.id}`)));
    expect(naive.map(key)).toEqual(shared.map(key));
    shared.forEach(({ score }, i) => {
      expect(naive[i]!.score).toBeCloseTo(score, 6);
    });
    expect(progress).toEqual([12]);
  });

  it('takes less memory than training: layers share their buffers', async () => {
    const backend = createReferenceBackend();
    const model = await tinyGoldens.loadModel(backend);
    const empty = backend.bytesInUse;
    await scorePrompts(model, prompts);
    const scoring = backend.bytesInUse - empty;
    const need = { rows: 0, predictions: 0, positions: 0, backward: true };
    model.workspace.reserve(need);
    expect(backend.bytesInUse - empty).toBeGreaterThan(1.5 * scoring);
  });

  it('stops at the signal', async () => {
    const model = await tinyGoldens.loadModel(createReferenceBackend());
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(scorePrompts(model, prompts, { signal })).rejects.toThrow('enough');
  });
});

const record: SnapshotRecord = {
  id: 'story',
  prompt: [{ role: 'user', content: 'Tell me about Lily.' }],
  responses: [
    { id: 'good', text: 'Lily was a little girl. She loved to play in the park.', source: 'human' },
    { id: 'odd', text: 'Park little the loved Lily girl to a play in was she.', source: 'gpt2' },
  ],
  pairs: [{ chosen: 'good', rejected: 'odd', margin: 1, support: [], against: [] }],
};

describe('scoreRecords', () => {
  it('says that it cannot read text without a tokenizer', async () => {
    const model = await tinyGoldens.loadModel(createReferenceBackend());
    await expect(scoreRecords({ model, records: [record] })).rejects.toThrow('without its tokenizer');
  });

  it.skipIf(!storiesGoldens.available)('ranks text (skipped without ../shared), lambda chosen by source', async () => {
    const model = await storiesGoldens.loadModel(await createWasmBackend());
    const records = [record];
    const [good, odd] = await scoreRecords({ model, records });
    expect(good!.score).toBeGreaterThan(odd!.score);
    const [same, moved] = await scoreRecords({ model, records, lengthExponents: { human: 1, model: 1 } });
    expect(same!.score).toBe(good!.score);
    expect(moved!.score).toBeGreaterThan(odd!.score);
    const naive = await scoreRecords({ model, records, packing: 'naive' });
    expect(naive[1]!.score).toBeCloseTo(odd!.score, 4);
  });

  it.skipIf(!storiesGoldens.available)('refuses too long a prompt, or cuts it and says so', async () => {
    const model = await storiesGoldens.loadModel(await createWasmBackend());
    const long = { ...record, prompt: [{ role: 'user' as const, content: 'Lily was happy. '.repeat(200) }] };
    await expect(scoreRecords({ model, records: [long] })).rejects.toThrow(/"story".*at most 512 fit/);
    const notes: string[] = [];
    const scores = await scoreRecords({
      model,
      records: [long],
      maxLength: 300,
      onNote: (note) => notes.push(inEnglish(note)),
    });
    expect(scores).toHaveLength(2);
    expect(notes).toHaveLength(1);
  });

  it.skipIf(!storiesGoldens.available)('train reads the same records (skipped without ../shared)', async () => {
    const model = await storiesGoldens.loadModel(await createWasmBackend());
    const records = Array.from({ length: 8 }, (_, i) => ({ ...record, id: `p${i}` }));
    const config = parseTrainConfig({ epochs: 2, heldOutFraction: 0.25, learningRate: 1e-3 });
    const { evaluation, heldOutIds, status } = await train({ model, records, config });
    expect(status).toBe('finished');
    expect(heldOutIds).toHaveLength(2);
    expect(evaluation.heldOut.after).toMatchObject({ accuracy: 1, pairs: 2, prompts: 2 });
  });
});

describe('defaultMaxRows', () => {
  it('bounds what activations really take', async () => {
    const backend = createReferenceBackend();
    const model = await tinyGoldens.loadModel(backend);
    const empty = backend.bytesInUse;
    model.workspace.reserve({ rows: 1000, predictions: 0, positions: 0, backward: true });
    // The reference backend keeps 8 bytes a value; two index tensors come on top.
    const perRow = (backend.bytesInUse - empty - 1000 * 2 * 4) / 1000 / 2;
    expect(activationBytesPerRow(model.config)).toBe(perRow);
    expect(defaultMaxRows(model.config)).toBe(2048);
    const large = { ...model.config, dim: 576, hiddenDim: 1536, layers: 30, heads: 9, kvHeads: 3, headDim: 64 };
    const rows = defaultMaxRows(large);
    expect(rows).toBeLessThan(2048);
    expect(rows * activationBytesPerRow(large)).toBeLessThanOrEqual(2 ** 30);
    const mixed = defaultMaxRows(large, true);
    expect(mixed).toBeGreaterThan(1.2 * rows);
    expect(mixed * activationBytesPerRow(large, true)).toBeLessThanOrEqual(2 ** 30);
  });
});
