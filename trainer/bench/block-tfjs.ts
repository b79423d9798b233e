/**
 * The block on tfjs's wasm backend, one thread. Every product goes through `product`: that is the faster variant, and
 * the one measured here.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type Implementation, type Problem, shapesOf, TENSORS, type Tensors } from './block-problem';
import { product, swap } from './tfjs-product';
import { startTfjs } from './tfjs-setup';
import { timed } from './timing';

type Tensor = tf.Tensor;

export async function tfjsBlock(problem: Problem): Promise<Implementation> {
  await startTfjs();
  const { shape, tensors } = problem;
  const { batch, length, heads, kvHeads, headDim, epsilon } = shape;
  const shapes = shapesOf(shape);
  const parameters = TENSORS.map((name) => {
    const [rows, columns] = shapes[name];
    return tf.tensor(tensors[name], rows === 1 ? [columns] : [rows, columns]);
  });
  const dOutput = tf.tensor(problem.dOutput, shapes.x);
  const cos = tf.tensor(problem.cosine, [length, headDim / 2]);
  const sin = tf.tensor(problem.sine, [length, headDim / 2]);
  const mask = tf.tensor(
    Float32Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0)),
    [length, length],
  );
  const linear = (x: Tensor, weight: Tensor) => product(x, swap(weight));
  const norm = (x: Tensor, weight: Tensor) =>
    tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon))), weight);
  const split = (x: Tensor, count: number) =>
    tf.transpose(tf.reshape(x, [batch, length, count, headDim]), [0, 2, 1, 3]);
  const rotate = (x: Tensor) => {
    const [a, b] = tf.split(x, 2, -1) as [Tensor, Tensor];
    return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))], -1);
  };
  const repeat = (x: Tensor) =>
    tf.reshape(tf.tile(tf.reshape(x, [batch, kvHeads, 1, length * headDim]), [1, 1, heads / kvHeads, 1]), [
      batch * heads,
      length,
      headDim,
    ]);
  const block = (...inputs: Tensor[]): Tensor => {
    const [x, norm1, wq, wk, wv, wo, norm2, wGate, wUp, wDown] = inputs as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const n1 = norm(x, norm1);
    const q = tf.reshape(rotate(split(linear(n1, wq), heads)), [batch * heads, length, headDim]);
    const k = repeat(rotate(split(linear(n1, wk), kvHeads)));
    const v = repeat(split(linear(n1, wv), kvHeads));
    const scores = tf.add(tf.mul(product(q, swap(k)), headDim ** -0.5), mask);
    const attended = tf.reshape(product(tf.softmax(scores), v), [batch, heads, length, headDim]);
    const joined = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch * length, heads * headDim]);
    const middle = tf.add(x, linear(joined, wo));
    const n2 = norm(middle, norm2);
    const gate = linear(n2, wGate);
    return tf.add(middle, linear(tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(n2, wUp)), wDown));
  };
  const gradients = tf.valueAndGrads((...inputs: Tensor[]) => tf.sum(tf.mul(block(...inputs), dOutput)));

  return {
    name: `tfjs ${tf.version_core} wasm SIMD, 1 thread`,
    run: () =>
      timed(() => {
        const { value, grads } = gradients(parameters);
        value.dataSync();
        tf.dispose([value, ...grads]);
      }),
    async result() {
      const { value, grads } = gradients(parameters);
      const loss = (value.dataSync() as Float32Array)[0]!;
      const byName = Object.fromEntries(TENSORS.map((name, i) => [name, grads[i]!.dataSync()]));
      return { loss, gradients: byName as unknown as Tensors };
    },
    close: () => tf.disposeVariables(),
  };
}
