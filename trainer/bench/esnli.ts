/**
 * The e-SNLI experiment's data and table; the training and scoring in between is the command line's.
 *   node dist/cli/esnli.mjs prepare [--data ../shared/data] --out DIR [--order hybrid] [--train 300] [--test 200] [--seed 1]
 *   node dist/cli/esnli.mjs report --data DIR/test.jsonl SCORES.jsonl ...
 */
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SnapshotRecord } from '../contract/record';
import { type EsnliItem, itemKey, parseEsnli } from '../data/esnli';
import { seededRandom, shuffled } from '../data/seeded-random';
import { readSnapshotFile } from '../data/snapshot';
import { describeAccuracy, pairwiseAccuracy } from '../infer/pairwise-accuracy';
import type { ResponseScore } from '../infer/score-records';
import { writeFileAtomic } from '../io/model-folder';
import { esnliRecord, type HeuristicOrder } from './esnli-records';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '../shared/data' },
    out: { type: 'string' },
    order: { type: 'string', default: 'hybrid' },
    train: { type: 'string', default: '300' },
    test: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});

/** Training prompts from e-SNLI dev without those of rationale-ratings, test prompts from e-SNLI test. */
async function prepare(out: string): Promise<void> {
  const rated = new Set(
    (await readFile(join(values.data, 'rationale-ratings/esnli.jsonl'), 'utf8'))
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => itemKey(JSON.parse(line) as EsnliItem)),
  );
  const items = async (name: string) => {
    const file = join(values.data, 'esnli', name);
    return parseEsnli(await readFile(file, 'utf8'), file);
  };
  const dev = (await items('dev.jsonl')).filter((item) => !rated.has(itemKey(item)));
  await mkdir(out, { recursive: true });
  await write(join(out, 'train.jsonl'), dev, Number(values.train));
  await write(join(out, 'test.jsonl'), await items('test.jsonl'), Number(values.test));
}

async function write(file: string, items: readonly EsnliItem[], count: number): Promise<void> {
  const chosen = shuffled(items, seededRandom(Number(values.seed))).slice(0, count);
  const records = chosen.map((item) => esnliRecord(item, values.order as HeuristicOrder));
  await writeFileAtomic(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  console.log(`${file}: ${records.length} prompts, ${records.reduce((sum, { pairs }) => sum + pairs.length, 0)} pairs`);
}

/**
 * Pairs by what they compare. Pairs of two model responses share one length exponent, so they alone say what the model
 * itself prefers: a human response is also scored with another exponent than a model's.
 */
const kinds: Readonly<Record<string, (chosen: Response, rejected: Response) => boolean>> = {
  'all pairs': () => true,
  'human > model': (chosen) => chosen.source === 'human',
  'right > wrong, both by the model': (chosen) => chosen.source !== 'human',
};
type Response = SnapshotRecord['responses'][number];

async function report(scoreFiles: readonly string[]): Promise<void> {
  const { records } = readSnapshotFile(await readFile(values.data), values.data, { pairs: 'needed' });
  console.log(`| scores | ${Object.keys(kinds).join(' | ')} |`);
  console.log(`|---|${'---|'.repeat(Object.keys(kinds).length)}`);
  for (const file of scoreFiles) {
    const scores = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .flatMap((line) => {
        const { id, responses } = JSON.parse(line) as { id: string; responses: { id: string; score: number }[] };
        return responses.map(({ id: responseId, score }): ResponseScore => ({ promptId: id, responseId, score }));
      });
    const cells = Object.values(kinds).map((isKind) => {
      const kept = records.map((record) => {
        const response = new Map(record.responses.map((each) => [each.id, each]));
        return {
          id: record.id,
          pairs: record.pairs.filter((pair) => isKind(response.get(pair.chosen)!, response.get(pair.rejected)!)),
        };
      });
      return describeAccuracy(pairwiseAccuracy(kept, scores, { seed: 1, resamples: 2000 }));
    });
    console.log(`| ${basename(file, '.jsonl')} | ${cells.join(' | ')} |`);
  }
}

if (positionals[0] === 'prepare' && values.out !== undefined) await prepare(values.out);
else if (positionals[0] === 'report' && positionals.length > 1) await report(positionals.slice(1));
else throw new Error('usage: esnli.mjs prepare --out DIR | esnli.mjs report --data FILE SCORES.jsonl ...');
