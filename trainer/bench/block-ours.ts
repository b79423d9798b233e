/** The block on this project's ops contract. */
import type { Backend, Epilogue, MatmulForm, Tensor } from '../backends/backend';
import { type Contestant, type Problem, TENSORS, type TensorName, type Tensors } from './block-problem';
import { timed } from './timing';

export async function oursOn(b: Backend, name: string, problem: Problem): Promise<Contestant> {
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

  const mm = (
    form: MatmulForm,
    c: Tensor,
    a: Tensor,
    x: Tensor,
    m: number,
    n: number,
    depth: number,
    epilogue: Epilogue = {},
  ) => b.matmul(form, c, a, x, m, n, depth, epilogue);

  const forward = () => {
    b.rmsNorm(n1, inverse1, w.x, w.norm1, rows, dim, epsilon);
    mm('nt', q, n1, w.q, rows, dim, dim);
    mm('nt', k, n1, w.k, rows, kv, dim);
    mm('nt', v, n1, w.v, rows, kv, dim);
    b.rope(q, positions, cos, sin, rows, heads, headDim, 1);
    b.rope(k, positions, cos, sin, rows, kvHeads, headDim, 1);
    b.attention(attended, logSumExp, q, k, v, attentionShape);
    mm('nt', middle, attended, w.o, rows, dim, dim, { plus: w.x });
    b.rmsNorm(n2, inverse2, middle, w.norm2, rows, dim, epsilon);
    mm('nt', gate!, n2, w.gate, rows, hidden, dim);
    mm('nt', up!, n2, w.up, rows, hidden, dim, { swiglu: { out: act!, gate: gate! } });
    mm('nt', output, act!, w.down, rows, dim, hidden, { plus: middle });
  };

  const backward = () => {
    // The first micro-batch of a step: weight gradients are written, as PyTorch does; only the norms' add.
    b.fill(g.norm1, 0);
    b.fill(g.norm2, 0);
    mm('tn', g.down, dOutput, act!, dim, hidden, rows);
    mm('nn', dAct!, dOutput, w.down, rows, hidden, dim);
    b.swigluBackward(dGate!, dUp!, dAct!, gate!, up!, rows * hidden);
    mm('tn', g.gate, dGate!, n2, hidden, dim, rows);
    mm('tn', g.up, dUp!, n2, hidden, dim, rows);
    mm('nn', dN, dGate!, w.gate, rows, dim, hidden);
    mm('nn', dN, dUp!, w.up, rows, dim, hidden, { plus: dN });
    b.copy(dMiddle, dOutput);
    b.rmsNormBackward(dMiddle, g.norm2, dN, middle, w.norm2, inverse2, rows, dim, true);
    mm('tn', g.o, dMiddle, attended, dim, dim, rows);
    mm('nn', dAttended, dMiddle, w.o, rows, dim, dim);
    b.attentionBackward(dQ, dK, dV, dAttended, attended, logSumExp, q, k, v, attentionShape);
    b.rope(dQ, positions, cos, sin, rows, heads, headDim, -1);
    b.rope(dK, positions, cos, sin, rows, kvHeads, headDim, -1);
    mm('tn', g.q, dQ, n1, dim, dim, rows);
    mm('tn', g.k, dK, n1, kv, dim, rows);
    mm('tn', g.v, dV, n1, kv, dim, rows);
    mm('nn', dN, dQ, w.q, rows, dim, dim);
    mm('nn', dN, dK, w.k, rows, dim, kv, { plus: dN });
    mm('nn', dN, dV, w.v, rows, dim, kv, { plus: dN });
    b.copy(g.x, dMiddle);
    b.rmsNormBackward(g.x, g.norm1, dN, w.x, w.norm1, inverse1, rows, dim, true);
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
