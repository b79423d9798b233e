import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createBackend } from '../backends/create-backend';
import { bigramModel, predictedTokens } from '../data/ngram';
import { readModelFolder } from '../io/model-folder';
import { loadModel } from '../model/model';
import { parameterCount } from '../model/parameters';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { lossPerToken } from '../train/pretrain';
import { demoTokenizerConfig, prepareDemoData } from './demo-data';
import { demoModelConfig } from './demo-model';

const folder = fileURLToPath(new URL('../../public/models/demo', import.meta.url));
const dataDir = fileURLToPath(new URL('../../../shared/data', import.meta.url));

describe('public/models/demo', () => {
  it('is a model of 1 to 2 million parameters within 6 MB, with its card', async () => {
    const names = await readdir(folder);
    expect(names.sort()).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6e6);
    const backend = await createBackend({ prefer: 'wasm' });
    const model = await loadModel(await readModelFolder(folder), backend);
    expect(model.config).toEqual(demoModelConfig);
    expect(parameterCount(model.config)).toBeGreaterThan(1e6);
    expect(parameterCount(model.config)).toBeLessThan(2e6);
    backend.dispose();
  });

  it('renders prompts with its own special tokens, documents first', async () => {
    const files = await readModelFolder(folder);
    const tokenizer = loadTokenizer(files.tokenizer, files.tokenizerConfig);
    const user = [{ role: 'user' as const, content: 'Premise: a\nHypothesis: b' }];
    expect(tokenizer.renderPrompt(user).ids).toEqual([0, 2, ...tokenizer.encode(user[0]!.content), 3]);
    const documents = [
      { title: 'A', text: 'x' },
      { title: 'B', text: 'y' },
    ];
    const { ids } = tokenizer.renderPrompt(user, documents);
    expect(ids.filter((id) => id < 5)).toEqual([0, 4, 4, 2, 3]);
    expect(tokenizer.decode(ids)).toBe('[1] (Title: A) x[2] (Title: B) yPremise: a\nHypothesis: b');
  });

  it.skipIf(!existsSync(dataDir))(
    'predicts held-out text clearly better than a bigram (skipped without ../shared)',
    async () => {
      const options = { dataDir, vocabSize: 2048, seed: 1, heldOutItems: 300, documentShare: 0.08 };
      const { training, heldOut } = await prepareDemoData(options);
      const some = heldOut.slice(0, 40);
      const tokens = (items: typeof heldOut) => items.flatMap((item) => [...predictedTokens(item)]);
      const backend = await createBackend({ prefer: 'wasm' });
      const model = await loadModel(await readModelFolder(folder), backend);
      const loss = await lossPerToken(model, some, { blockRows: 2048 });
      backend.dispose();
      expect(loss).toBeLessThan(bigramModel(tokens(training), 2048).loss(tokens(some)) - 0.5);
    },
  );
});

describe('prepareDemoData', () => {
  it('leaves the rated items out, and keeps all hypotheses of a premise on one side', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'demo-data-'));
    const item = (premise: number, hypothesis: number) => ({
      id: `${premise}-${hypothesis}`,
      premise: `Premise number ${premise} is here.`,
      hypothesis: `Hypothesis ${hypothesis}.`,
      label: 'neutral',
      human: ['One.', 'Two.', 'Three.'],
      model: { entailment: 'E.', neutral: 'N.', contradiction: 'C.' },
    });
    const items = Array.from({ length: 30 }, (_, i) => item(Math.floor(i / 3), i % 3));
    const lines = (values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');
    for (const name of ['esnli', 'rationale-ratings']) await mkdir(join(dir, name));
    await writeFile(join(dir, 'esnli/dev.jsonl'), lines(items));
    // The same item in other clothes: case and punctuation do not hide it.
    const rated = { ...item(4, 1), premise: 'PREMISE number 4, is here' };
    await writeFile(join(dir, 'rationale-ratings/esnli.jsonl'), lines([rated]));
    const data = await prepareDemoData({ dataDir: dir, vocabSize: 300, seed: 3, heldOutItems: 6, documentShare: 0.5 });
    await rm(dir, { recursive: true });

    expect(data.excluded).toBe(1);
    const plain = data.training.filter(({ id }) => !id.endsWith('#documents'));
    expect([...plain, ...data.heldOut].map(({ id }) => id).sort()).toEqual(
      items
        .map(({ id }) => id)
        .filter((id) => id !== '4-1')
        .sort(),
    );
    const premises = (list: readonly { id: string }[]) => new Set(list.map(({ id }) => id.split('-')[0]));
    for (const premise of premises(data.heldOut)) expect(premises(data.training)).not.toContain(premise);
    expect(data.heldOut.length).toBeGreaterThanOrEqual(6);
    expect(data.training.length - plain.length).toBe(Math.round(plain.length / 2));
    for (const { promptIds, responses } of data.training) {
      expect(promptIds[0]).toBe(0);
      expect(promptIds.at(-1)).toBe(3);
      expect(responses).toHaveLength(6);
    }
    expect(demoTokenizerConfig.eos_token).toBe('<|end|>');
  });
});
