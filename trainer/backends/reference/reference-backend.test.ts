import { describe, expect, it } from 'vitest';
import type { Tensor } from '../backend';
import { describeHalfActivations, describeHalfWeights } from '../contract-half';
import { LAYOUTS, rowsOf, seededRandom } from '../contract-session';
import { describeBackend } from '../contract-suite';
import { createReferenceBackend, type ReferenceBackend } from './reference-backend';

describeBackend('reference', async () => createReferenceBackend());
describeHalfWeights('reference', async () => createReferenceBackend());
describeHalfActivations('reference', async () => createReferenceBackend());

/**
 * Central differences in float64 of the objective sum(weights * forward(inputs)), against the backward op.
 * `forward` fills `out`; `backward` gets dOut and returns one gradient tensor for each input, in order.
 */
function expectGradients(
  seed: number,
  inputLengths: number[],
  outLength: number,
  forward: (b: ReferenceBackend, inputs: Tensor[], out: Tensor) => void,
  backward: (b: ReferenceBackend, inputs: Tensor[], out: Tensor, dOut: Tensor) => Tensor[],
): void {
  const b = createReferenceBackend();
  const random = seededRandom(seed);
  const uniform = (length: number) => {
    const tensor = b.alloc(length);
    b.writeFloat64(
      tensor,
      Float64Array.from({ length }, () => random() * 2 - 1),
    );
    return tensor;
  };
  const inputs = inputLengths.map(uniform);
  const out = b.alloc(outLength);
  const dOut = uniform(outLength);
  const weights = b.readFloat64(dOut);
  const objective = () => {
    forward(b, inputs, out);
    return b.readFloat64(out).reduce((sum, value, i) => sum + value * weights[i]!, 0);
  };
  objective();
  const gradients = backward(b, inputs, out, dOut).map((tensor) => b.readFloat64(tensor));
  const step = 1e-5;
  inputs.forEach((input, n) => {
    const values = b.readFloat64(input);
    values.forEach((value, i) => {
      b.writeFloat64(input, Float64Array.of(value + step), i);
      const above = objective();
      b.writeFloat64(input, Float64Array.of(value - step), i);
      const below = objective();
      b.writeFloat64(input, Float64Array.of(value), i);
      expect(gradients[n]![i], `input ${n}, element ${i}, seed ${seed}`).toBeCloseTo((above - below) / (2 * step), 7);
    });
  });
}

describe('reference: finite differences', () => {
  it('matmul, all forms: each form is the gradient of another', () => {
    const [m, n, k] = [3, 5, 4];
    expectGradients(
      1,
      [m * k, n * k],
      m * n,
      (b, [x, w], out) => b.matmul({ form: 'nt', out, a: x!, b: w!, rows: m, columns: n, inner: k }),
      (b, [x, w], _out, dOut) => {
        const dX = b.alloc(m * k);
        const dW = b.alloc(n * k);
        b.matmul({ form: 'nn', out: dX, a: dOut, b: w!, rows: m, columns: k, inner: n });
        b.matmul({ form: 'tn', out: dW, a: dOut, b: x!, rows: n, columns: k, inner: m, plus: dW });
        return [dX, dW];
      },
    );
  });

  it('a bias', () => {
    expectGradients(
      2,
      [4],
      12,
      (b, [bias], out) =>
        b.matmul({ form: 'nt', out, a: b.alloc(0), b: b.alloc(0), rows: 3, columns: 4, inner: 0, bias }),
      (b, _inputs, _out, dOut) => {
        const dBias = b.alloc(4);
        b.addBiasBackward(dBias, dOut, 3, 4);
        return [dBias];
      },
    );
  });

  it('gatherRows with repeated rows', () => {
    const indices = (b: ReferenceBackend) => {
      const tensor = b.allocInt(4);
      b.write(tensor, Int32Array.of(2, 0, 2, 2));
      return tensor;
    };
    expectGradients(
      3,
      [9],
      12,
      (b, [table], out) => b.gatherRows(out, table!, indices(b), 4, 3),
      (b, _inputs, _out, dOut) => {
        const dTable = b.alloc(9);
        b.scatterAddRows(dTable, dOut, indices(b), 4, 3);
        return [dTable];
      },
    );
  });

  it('rmsNorm', () => {
    const inverse = new Map<ReferenceBackend, Tensor>();
    const kept = (b: ReferenceBackend) => inverse.get(b) ?? inverse.set(b, b.alloc(3)).get(b)!;
    expectGradients(
      4,
      [15, 5],
      15,
      (b, [x, weight], out) =>
        b.rmsNorm({ out, inverseRms: kept(b), x: x!, weight: weight!, rows: 3, dim: 5, epsilon: 1e-5 }),
      (b, [x, weight], _out, dOut) => {
        const dX = b.alloc(15);
        const dWeight = b.alloc(5);
        b.rmsNormBackward({ dX, dWeight, dOut, x: x!, weight: weight!, inverseRms: kept(b), rows: 3, dim: 5 });
        return [dX, dWeight];
      },
    );
  });

  it('rope: the inverse rotation is the gradient', () => {
    const run = (b: ReferenceBackend, x: Tensor, direction: 1 | -1) => {
      const positions = b.allocInt(3);
      b.write(positions, Int32Array.of(0, 4, 2));
      const angles = Float32Array.from({ length: 10 }, (_, i) => i * 0.3);
      const [cosine, sine] = [b.alloc(10), b.alloc(10)];
      b.write(cosine, angles.map(Math.cos));
      b.write(sine, angles.map(Math.sin));
      b.rope({ x, positions, cosine, sine, rows: 3, heads: 2, headDim: 4, direction });
    };
    expectGradients(
      5,
      [24],
      24,
      (b, [x], out) => {
        b.copy(out, x!);
        run(b, out, 1);
      },
      (b, _inputs, _out, dOut) => {
        // The cosines above are rounded to f32, so the rotation is orthogonal to 1e-7 only: enough here.
        run(b, dOut, -1);
        return [dOut];
      },
    );
  });

  it('swiglu', () => {
    expectGradients(
      6,
      [9, 9],
      9,
      (b, [gate, up], out) => {
        const one = b.alloc(1);
        b.fill(one, 1);
        b.matmul({
          form: 'nt',
          out: b.alloc(9),
          a: up!,
          b: one,
          rows: 9,
          columns: 1,
          inner: 1,
          swiglu: { out, gate: gate! },
        });
      },
      (b, [gate, up], _out, dOut) => {
        const dGate = b.alloc(9);
        const dUp = b.alloc(9);
        b.swigluBackward({ dGate, dUp, dOut, gate: gate!, up: up!, length: 9 });
        return [dGate, dUp];
      },
    );
  });

  it('attention with a shared prefix and grouped queries', () => {
    const segments = LAYOUTS['two shared prefixes']!.filter((s) => s.end <= 27);
    const rows = rowsOf(segments);
    const shape = { rows, heads: 2, kvHeads: 1, headDim: 4, segments };
    const lse = new Map<ReferenceBackend, Tensor>();
    const logSumExp = (b: ReferenceBackend) => lse.get(b) ?? lse.set(b, b.alloc(rows * 2)).get(b)!;
    expectGradients(
      7,
      [rows * 8, rows * 4, rows * 4],
      rows * 8,
      (b, [q, k, v], out) => b.attention({ out, logSumExp: logSumExp(b), q: q!, k: k!, v: v!, shape }),
      (b, [q, k, v], out, dOut) => {
        const [dQ, dK, dV] = [b.alloc(rows * 8), b.alloc(rows * 4), b.alloc(rows * 4)] as const;
        b.attentionBackward({ dQ, dK, dV, dOut, out, logSumExp: logSumExp(b), q: q!, k: k!, v: v!, shape });
        return [dQ, dK, dV];
      },
    );
  });

  it('logProb', () => {
    const [rows, dim, vocab] = [3, 4, 7];
    const extra = new Map<ReferenceBackend, { lse: Tensor; targets: Tensor }>();
    const kept = (b: ReferenceBackend) => {
      const known = extra.get(b);
      if (known) return known;
      const targets = b.allocInt(rows);
      b.write(targets, Int32Array.of(6, 0, 3));
      const made = { lse: b.alloc(rows), targets };
      extra.set(b, made);
      return made;
    };
    expectGradients(
      8,
      [rows * dim, vocab * dim],
      rows,
      (b, [hidden, head], out) =>
        b.logProb({
          logProb: out,
          logSumExp: kept(b).lse,
          hidden: hidden!,
          head: head!,
          targets: kept(b).targets,
          rows,
          dim,
          vocab,
        }),
      (b, [hidden, head], _out, dOut) => {
        const dHidden = b.alloc(rows * dim);
        const dHead = b.alloc(vocab * dim);
        const { lse, targets } = kept(b);
        b.logProbBackward({
          dHidden,
          dHead,
          coefficient: dOut,
          logSumExp: lse,
          hidden: hidden!,
          head: head!,
          targets,
          rows,
          dim,
          vocab,
        });
        return [dHidden, dHead];
      },
    );
  });

  it('a backward op that adds to its gradient adds the same again when called twice', () => {
    const b = createReferenceBackend();
    const [hidden, head, dHead, dHidden, lse, coefficient] = [8, 12, 12, 8, 2, 2].map((n) => b.alloc(n));
    b.write(
      hidden!,
      Float32Array.from({ length: 8 }, (_, i) => Math.sin(i)),
    );
    b.write(
      head!,
      Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)),
    );
    b.write(coefficient!, Float32Array.of(0.5, -1));
    const targets = b.allocInt(2);
    b.logProb({
      logProb: b.alloc(2),
      logSumExp: lse!,
      hidden: hidden!,
      head: head!,
      targets,
      rows: 2,
      dim: 4,
      vocab: 3,
    });
    const once = () =>
      b.logProbBackward({
        dHidden: dHidden!,
        dHead: dHead!,
        coefficient: coefficient!,
        logSumExp: lse!,
        hidden: hidden!,
        head: head!,
        targets,
        rows: 2,
        dim: 4,
        vocab: 3,
      });
    once();
    const [w1, x1] = [b.readFloat64(dHead!), b.readFloat64(dHidden!)];
    once();
    expect(b.readFloat64(dHidden!)).toEqual(x1);
    const w2 = b.readFloat64(dHead!);
    for (const [i, value] of w2.entries()) expect(value).toBeCloseTo(2 * w1[i]!, 12);
    expect(Math.max(...w1.map(Math.abs))).toBeGreaterThan(0.01);
  });
});
