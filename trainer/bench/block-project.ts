/** The block on this project's ops contract. */
import type { Backend, Tensor } from '../backends/backend';
import { type Implementation, type Problem, TENSORS, type TensorName, type Tensors } from './block-problem';
import { timed } from './timing';

export async function projectBlock(b: Backend, name: string, problem: Problem): Promise<Implementation> {
  const { shape, tensors, cosine, sine } = problem;
  const { batch, length, dim, heads, kvHeads, headDim, hidden, epsilon } = shape;
  const rows = batch * length;
  const kv = kvHeads * headDim;
  const filled = (values: Float32Array) => {
    const tensor = b.alloc(values.length);
    b.write(tensor, values);
    return tensor;
  };
  const w = {} as Record<TensorName, Tensor>;
  const g = {} as Record<TensorName, Tensor>;
  for (const name of TENSORS) {
    w[name] = filled(tensors[name]);
    g[name] = b.alloc(tensors[name].length);
  }
  const positions = b.allocInt(rows);
  b.write(
    positions,
    Int32Array.from({ length: rows }, (_, i) => i % length),
  );
  const [cos, sin, dOutput] = [filled(cosine), filled(sine), filled(problem.dOutput)];
  const segments = Array.from({ length: batch }, (_, i) => ({
    start: i * length,
    end: (i + 1) * length,
    prefixStart: 0,
    prefixEnd: 0,
  }));
  const attentionShape = { rows, heads, kvHeads, headDim, segments };
  const wide = () => b.alloc(rows * dim);
  const [n1, attended, middle, n2, output, dMiddle, dN, dAttended] = [
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
    wide(),
  ];
  const [q, dQ] = [wide(), wide()];
  const [k, v, dK, dV] = [b.alloc(rows * kv), b.alloc(rows * kv), b.alloc(rows * kv), b.alloc(rows * kv)];
  const [gate, up, act, dGate, dUp, dAct] = Array.from({ length: 6 }, () => b.alloc(rows * hidden));
  const [inverse1, inverse2, logSumExp] = [b.alloc(rows), b.alloc(rows), b.alloc(rows * heads)];

  const forward = () => {
    b.rmsNorm({ out: n1, inverseRms: inverse1, x: w.x, weight: w.norm1, rows, dim, epsilon });
    b.matmul({ form: 'nt', out: q, a: n1, b: w.q, rows, columns: dim, inner: dim });
    b.matmul({ form: 'nt', out: k, a: n1, b: w.k, rows, columns: kv, inner: dim });
    b.matmul({ form: 'nt', out: v, a: n1, b: w.v, rows, columns: kv, inner: dim });
    b.rope({ x: q, positions, cosine: cos, sine: sin, rows, heads, headDim, direction: 1 });
    b.rope({ x: k, positions, cosine: cos, sine: sin, rows, heads: kvHeads, headDim, direction: 1 });
    b.attention({ out: attended, logSumExp, q, k, v, shape: attentionShape });
    b.matmul({ form: 'nt', out: middle, a: attended, b: w.o, rows, columns: dim, inner: dim, plus: w.x });
    b.rmsNorm({ out: n2, inverseRms: inverse2, x: middle, weight: w.norm2, rows, dim, epsilon });
    b.matmul({ form: 'nt', out: gate!, a: n2, b: w.gate, rows, columns: hidden, inner: dim });
    b.matmul({
      form: 'nt',
      out: up!,
      a: n2,
      b: w.up,
      rows,
      columns: hidden,
      inner: dim,
      swiglu: { out: act!, gate: gate! },
    });
    b.matmul({ form: 'nt', out: output, a: act!, b: w.down, rows, columns: dim, inner: hidden, plus: middle });
  };

  const backward = () => {
    // The first micro-batch of a step: weight gradients are written, as PyTorch does; only the norms' add.
    b.fill(g.norm1, 0);
    b.fill(g.norm2, 0);
    b.matmul({ form: 'tn', out: g.down, a: dOutput, b: act!, rows: dim, columns: hidden, inner: rows });
    b.matmul({ form: 'nn', out: dAct!, a: dOutput, b: w.down, rows, columns: hidden, inner: dim });
    b.swigluBackward({ dGate: dGate!, dUp: dUp!, dOut: dAct!, gate: gate!, up: up!, length: rows * hidden });
    b.matmul({ form: 'tn', out: g.gate, a: dGate!, b: n2, rows: hidden, columns: dim, inner: rows });
    b.matmul({ form: 'tn', out: g.up, a: dUp!, b: n2, rows: hidden, columns: dim, inner: rows });
    b.matmul({ form: 'nn', out: dN, a: dGate!, b: w.gate, rows, columns: dim, inner: hidden });
    b.matmul({ form: 'nn', out: dN, a: dUp!, b: w.up, rows, columns: dim, inner: hidden, plus: dN });
    b.copy(dMiddle, dOutput);
    b.rmsNormBackward({
      dX: dMiddle,
      dWeight: g.norm2,
      dOut: dN,
      x: middle,
      weight: w.norm2,
      inverseRms: inverse2,
      rows,
      dim,
      accumulate: true,
    });
    b.matmul({ form: 'tn', out: g.o, a: dMiddle, b: attended, rows: dim, columns: dim, inner: rows });
    b.matmul({ form: 'nn', out: dAttended, a: dMiddle, b: w.o, rows, columns: dim, inner: dim });
    b.attentionBackward({ dQ, dK, dV, dOut: dAttended, out: attended, logSumExp, q, k, v, shape: attentionShape });
    b.rope({ x: dQ, positions, cosine: cos, sine: sin, rows, heads, headDim, direction: -1 });
    b.rope({ x: dK, positions, cosine: cos, sine: sin, rows, heads: kvHeads, headDim, direction: -1 });
    b.matmul({ form: 'tn', out: g.q, a: dQ, b: n1, rows: dim, columns: dim, inner: rows });
    b.matmul({ form: 'tn', out: g.k, a: dK, b: n1, rows: kv, columns: dim, inner: rows });
    b.matmul({ form: 'tn', out: g.v, a: dV, b: n1, rows: kv, columns: dim, inner: rows });
    b.matmul({ form: 'nn', out: dN, a: dQ, b: w.q, rows, columns: dim, inner: dim });
    b.matmul({ form: 'nn', out: dN, a: dK, b: w.k, rows, columns: dim, inner: kv, plus: dN });
    b.matmul({ form: 'nn', out: dN, a: dV, b: w.v, rows, columns: dim, inner: kv, plus: dN });
    b.copy(g.x, dMiddle);
    b.rmsNormBackward({
      dX: g.x,
      dWeight: g.norm1,
      dOut: dN,
      x: w.x,
      weight: w.norm1,
      inverseRms: inverse1,
      rows,
      dim,
      accumulate: true,
    });
  };

  return {
    name,
    run: () =>
      timed(async () => {
        forward();
        backward();
        await b.read(g.x, 0, 1);
      }),
    async result() {
      forward();
      backward();
      const values = await b.read(output);
      const loss = values.reduce((sum, value, i) => sum + value * problem.dOutput[i]!, 0);
      const gradients = {} as Tensors;
      for (const tensor of TENSORS) gradients[tensor] = await b.read(g[tensor]);
      return { loss, gradients };
    },
    close: () => b.dispose(),
  };
}
