/**
 * The training step on tfjs's wasm backend, one thread, with the two work-arounds it needs: products whose gradients
 * transpose explicitly (see block-tfjs.ts), and an embedding whose gradient is scattered on the host, because the
 * wasm backend lacks the operation.
 */
import * as tf from '@tensorflow/tfjs-core';
import { headName, layerNames } from '../model/parameters';
import type { StepContestant, StepProblem } from './step-problem';
import { product, startTfjs, swap } from './tfjs-setup';
import { timed } from './timing';

type Tensor = tf.Tensor;

export async function tfjsStep(problem: StepProblem): Promise<StepContestant> {
  await startTfjs();
  const { config, batch, length, tokens } = problem;
  const { dim, heads, kvHeads, headDim, normEpsilon, vocabSize, ropeTheta } = config;
  const w = new Map<string, tf.Variable>();
  for (const [name, { shape, data }] of problem.weights) {
    if (name !== headName) w.set(name, tf.variable(tf.tensor(data, [...shape]), true, name));
  }
  const at = (name: string): Tensor => w.get(name)!;
  const rows = Array.from({ length: batch }, (_, b) => tokens.subarray(b * (length + 1), (b + 1) * (length + 1)));
  const inputs = Int32Array.from(rows.flatMap((row) => [...row.subarray(0, length)]));
  const targets = Int32Array.from(rows.flatMap((row) => [...row.subarray(1)]));

  const gather = (indices: Int32Array) =>
    tf.customGrad((table, save) => {
      (save as tf.GradSaveFunc)([]);
      const gradFunc = (dOut: Tensor) => {
        const values = dOut.dataSync();
        const sum = new Float32Array(vocabSize * dim);
        indices.forEach((row, i) => {
          for (let j = 0; j < dim; j++) sum[row * dim + j]! += values[i * dim + j]!;
        });
        return tf.tensor(sum, [vocabSize, dim]);
      };
      return { value: tf.gather(table as Tensor, tf.tensor1d(indices, 'int32')), gradFunc };
    });
  const embedInputs = gather(inputs);
  const embedTargets = gather(targets);

  const half = headDim / 2;
  const angle = (i: number) => Math.floor(i / half) * ropeTheta ** (-(i % half) / half);
  const table = (f: (x: number) => number) =>
    tf.tensor(
      Float32Array.from({ length: length * half }, (_, i) => f(angle(i))),
      [length, half],
    );
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const mask = tf.tensor(
    Float32Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0)),
    [length, length],
  );
  const linear = (x: Tensor, weight: Tensor) => product(x, swap(weight));
  const norm = (x: Tensor, weight: Tensor) =>
    tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), normEpsilon))), weight);
  const split = (x: Tensor, count: number) =>
    tf.transpose(tf.reshape(x, [batch, length, count, headDim]), [0, 2, 1, 3]);
  const rotate = (x: Tensor) => {
    const [a, b] = tf.split(x, 2, -1) as [Tensor, Tensor];
    return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))], -1);
  };
  const flat = (x: Tensor) => tf.reshape(x, [batch * heads, length, headDim]);
  const repeat = (x: Tensor) =>
    tf.reshape(tf.tile(tf.reshape(x, [batch, kvHeads, 1, length * headDim]), [1, 1, heads / kvHeads, 1]), [
      batch * heads,
      length,
      headDim,
    ]);

  const layer = (x: Tensor, index: number): Tensor => {
    const names = layerNames(index);
    const weight = (module: string) => at(`${module}.weight`);
    const n1 = norm(x, at(names.attentionNorm));
    const q = flat(rotate(split(linear(n1, weight(names.q)), heads)));
    const k = repeat(rotate(split(linear(n1, weight(names.k)), kvHeads)));
    const v = repeat(split(linear(n1, weight(names.v)), kvHeads));
    const scores = tf.add(tf.mul(product(q, swap(k)), headDim ** -0.5), mask);
    const attended = tf.reshape(product(tf.softmax(scores), v), [batch, heads, length, headDim]);
    const joined = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch * length, heads * headDim]);
    const middle = tf.add(x, linear(joined, weight(names.o)));
    const n2 = norm(middle, at(names.mlpNorm));
    const gate = linear(n2, weight(names.gate));
    return tf.add(
      middle,
      linear(tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(n2, weight(names.up))), weight(names.down)),
    );
  };
  const loss = (): tf.Scalar => {
    const embedding = at('model.embed_tokens.weight');
    let x = embedInputs(embedding);
    for (let i = 0; i < config.layers; i++) x = layer(x, i);
    const hidden = norm(x, at('model.norm.weight'));
    const logSum = tf.logSumExp(linear(hidden, embedding), -1);
    return tf.mean(tf.sub(logSum, tf.sum(tf.mul(hidden, embedTargets(embedding)), -1))) as tf.Scalar;
  };
  const optimizer = tf.train.adam(problem.learningRate, 0.9, 0.999, 1e-8);
  return {
    name: `tfjs ${tf.version_core} wasm SIMD, 1 thread`,
    async run() {
      let value = 0;
      const timing = await timed(() => {
        const cost = optimizer.minimize(loss, true, [...w.values()])!;
        value = cost.dataSync()[0]!;
        cost.dispose();
      });
      return { ...timing, loss: value };
    },
    close() {
      optimizer.dispose();
      tf.disposeVariables();
    },
  };
}
