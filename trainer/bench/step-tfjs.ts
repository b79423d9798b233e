/**
 * The training step on tfjs, with the two work-arounds it needs: products whose gradients transpose explicitly (see
 * tfjs-product.ts), and embedding rows gathered outside the differentiated function (see embedding-rows.ts), because
 * its wasm backend cannot scatter.
 */
import * as tf from '@tensorflow/tfjs-core';
import { embeddingName, headName, layerNames } from '../model/parameters';
import { embeddingRows } from './embedding-rows';
import type { StepImplementation, StepProblem } from './step-problem';
import { product, swap } from './tfjs-product';
import { timed } from './timing';

type Tensor = tf.Tensor;

/** On the backend that tfjs has been started with. */
export function tfjsStep(problem: StepProblem, name: string): StepImplementation {
  const { config, batch, length } = problem;
  const { heads, kvHeads, headDim, normEpsilon, ropeTheta } = config;
  const w = new Map<string, tf.Variable>();
  for (const [name, { shape, data }] of problem.weights) {
    if (name !== headName) w.set(name, tf.variable(tf.tensor(data, [...shape]), true, name));
  }
  const at = (name: string): Tensor => w.get(name)!;
  const count = batch * length;
  const rows = embeddingRows(problem);
  const indices = tf.tensor1d(rows.indices, 'int32');
  const membership = tf.tensor2d(rows.membership, [rows.groups, 2 * count]);
  const slots = tf.tensor1d(rows.slots, 'int32');

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
  const loss = (inputs: Tensor, targets: Tensor): tf.Scalar => {
    let x = inputs;
    for (let i = 0; i < config.layers; i++) x = layer(x, i);
    const hidden = norm(x, at('model.norm.weight'));
    const logSum = tf.logSumExp(linear(hidden, at(embeddingName)), -1);
    return tf.mean(tf.sub(logSum, tf.sum(tf.mul(hidden, targets), -1))) as tf.Scalar;
  };
  const gradients = () =>
    tf.tidy(() => {
      const [inputs, targets] = tf.split(tf.gather(at(embeddingName), indices), 2, 0) as [Tensor, Tensor];
      const variables = [...w.values()];
      const differentiate = tf.valueAndGrads((...leaves: Tensor[]) => loss(leaves[0]!, leaves[1]!));
      const { value, grads } = differentiate([inputs, targets, ...variables]);
      const [dInputs, dTargets, ...rest] = grads as [Tensor, Tensor, ...Tensor[]];
      const sums = tf.matMul(membership, tf.concat([dInputs, dTargets], 0));
      const named = variables.map(({ name }, i) => {
        const tensor = rest[i]!;
        return { name, tensor: name === embeddingName ? tf.add(tensor, tf.gather(sums, slots)) : tensor };
      });
      return { value, named };
    });
  const optimizer = tf.train.adam(problem.learningRate, 0.9, 0.999, 1e-8);
  return {
    name,
    async run() {
      let value = 0;
      const timing = await timed(async () => {
        const step = gradients();
        optimizer.applyGradients(step.named);
        // A small tensor that depends on the last update: waiting for it waits for the step.
        const last = tf.tidy(() => tf.sum(at('model.norm.weight')));
        value = (await step.value.data())[0]!;
        await last.data();
        tf.dispose([step.value, last, ...step.named.map(({ tensor }) => tensor)]);
      });
      return { ...timing, loss: value };
    },
    async multiply(size, times) {
      const [a, b] = [0, 1].map(() => tf.fill([size, size], 1 / size)) as [Tensor, Tensor];
      const corner = async (x: Tensor) => {
        const value = tf.slice(x, [0, 0], [1, 1]);
        await value.data();
        value.dispose();
      };
      await corner(b);
      const products: Tensor[] = [];
      const timing = await timed(async () => {
        for (let i = 0; i < times; i++) products.push(tf.matMul(a, b));
        await corner(products.at(-1)!);
      });
      tf.dispose([a, b, ...products]);
      return timing;
    },
    close() {
      optimizer.dispose();
      tf.disposeVariables();
      tf.dispose([indices, membership, slots, cos, sin, mask]);
    },
  };
}
