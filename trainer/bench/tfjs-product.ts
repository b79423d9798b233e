/** Matrix products that are as fast on tfjs as they can be. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';

/** The last two axes exchanged. */
export function swap(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  const n = axes.length;
  [axes[n - 2], axes[n - 1]] = [n - 1, n - 2];
  return tf.transpose(x, axes);
}

/**
 * A matrix product whose gradient transposes explicitly: tfjs's transposed product is several times slower than a
 * transpose followed by a plain one, and autodiff asks for transposed ones.
 */
export const product = tf.customGrad((a, b, save) => {
  const [left, right] = [a as tf.Tensor, b as tf.Tensor];
  (save as tf.GradSaveFunc)([left, right]);
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => [
    tf.matMul(dy, swap(saved[1]!)),
    tf.matMul(swap(saved[0]!), dy),
  ];
  return { value: tf.matMul(left, right), gradFunc };
});
