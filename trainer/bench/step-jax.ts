/**
 * The training step on jax-js. It cannot jit the gradient of a gather from a tied embedding ("scatter input is not imm"),
 * so rows are gathered outside the differentiated function (see embedding-rows.ts), which is less work than one-hot
 * products with the whole table. The rest is one jitted gradient and a jitted update a parameter. It takes relaxed SIMD
 * where the engine has it. Every function consumes its arguments: `.ref` where one is used again.
 */
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { embeddingName, finalNormName, headName, layerNames } from '../model/parameters';
import { embeddingRows } from './embedding-rows';
import type { StepImplementation, StepProblem } from './step-problem';
import { timed } from './timing';

type Params = Record<string, np.Array>;
/** What is the same in every step: rotary tables [length, headDim / 2] and the causal mask [length, length]. */
type Tables = { cos: np.Array; sin: np.Array; mask: np.Array };

const rowsName = 'embedding rows';
const keep = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value.ref]));

export async function jaxStep(
  problem: StepProblem,
  device: 'wasm' | 'webgpu',
  name: string,
): Promise<StepImplementation> {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
  const count = problem.batch * problem.length;
  const rows = embeddingRows(problem);
  const floats = (data: Float32Array, shape: readonly number[]) =>
    np.array(Float32Array.from(data), { shape: [...shape] });
  const indices = np.array(rows.indices);
  const membership = floats(rows.membership, [rows.groups, 2 * count]);
  const slots = np.array(rows.slots);

  let params: Params = {};
  for (const [name, { shape, data }] of problem.weights) if (name !== headName) params[name] = floats(data, shape);
  const zeros = (): Params =>
    Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, np.zeros(shape)]));
  let [m, v] = [zeros(), zeros()];
  const tables = makeTables(problem);

  const lossAndGradient = jit(valueAndGrad(lossOf(problem)));
  const gatherRows = jit((table: np.Array, at: np.Array) => np.take(table, at, 0));
  const scatter = jit((dTable: np.Array, dRows: np.Array, member: np.Array, at: np.Array) =>
    dTable.add(np.take(np.matmul(member, dRows), at, 0)),
  );
  // biome-ignore lint/complexity/useMaxParams: what is compiled takes arrays by position
  const adam = jit((p: np.Array, g: np.Array, m: np.Array, v: np.Array, rate: np.Array, root: np.Array) => {
    const m1 = m.mul(0.9).add(g.ref.mul(0.1));
    const v1 = v.mul(0.999).add(np.square(g).mul(0.001));
    const change = m1.ref.mul(rate).div(np.sqrt(v1.ref).mul(root).add(1e-8));
    return [p.sub(change), m1, v1] as [np.Array, np.Array, np.Array];
  });

  const product = jit((a: np.Array, b: np.Array) => np.matmul(a, b));

  let steps = 0;
  const step = async (): Promise<number> => {
    const leaves = { ...keep(params), [rowsName]: gatherRows(params[embeddingName]!.ref, indices.ref) };
    const [loss, gradients] = lossAndGradient(leaves, { ...tables, ...keep(tables) }) as unknown as [np.Array, Params];
    const { [rowsName]: dRows, ...rest } = gradients;
    rest[embeddingName] = scatter(rest[embeddingName]!, dRows!, membership.ref, slots.ref);
    steps++;
    const rate = np.array(problem.learningRate / (1 - 0.9 ** steps));
    const root = np.array(1 / Math.sqrt(1 - 0.999 ** steps));
    for (const [name, gradient] of Object.entries(rest)) {
      [params[name], m[name], v[name]] = adam(params[name]!, gradient, m[name]!, v[name]!, rate.ref, root.ref);
    }
    rate.dispose();
    root.dispose();
    await Promise.all(Object.values(params).map((value) => value.blockUntilReady()));
    return (await loss.data())[0]!;
  };
  return {
    name,
    async run() {
      let loss = 0;
      const timing = await timed(async () => {
        loss = await step();
      });
      return { ...timing, loss };
    },
    async multiply(size, times) {
      const [a, b] = [0, 1].map(() => np.full([size, size], 1 / size)) as [np.Array, np.Array];
      await Promise.all([a.blockUntilReady(), b.blockUntilReady()]);
      const products: np.Array[] = [];
      const timing = await timed(async () => {
        for (let i = 0; i < times; i++) products.push(product(a.ref, b.ref));
        await Promise.all(products.map((product) => product.blockUntilReady()));
      });
      for (const array of [a, b, ...products]) array.dispose();
      return timing;
    },
    close() {
      for (const arrays of [params, m, v, { indices, membership, slots, ...tables }]) {
        for (const array of Object.values(arrays)) array.dispose();
      }
      [params, m, v] = [{}, {}, {}];
    },
  };
}

function makeTables({ config, length }: StepProblem): Tables {
  const half = config.headDim / 2;
  const angle = (i: number) => Math.floor(i / half) * config.ropeTheta ** (-(i % half) / half);
  const table = (f: (x: number) => number) =>
    np.array(
      Float32Array.from({ length: length * half }, (_, i) => f(angle(i))),
      { shape: [length, half] },
    );
  const mask = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? -1e9 : 0,
  );
  return { cos: table(Math.cos), sin: table(Math.sin), mask: np.array(mask, { shape: [length, length] }) };
}

/** The mean negative log-probability of the targets; what it is given is used up. */
function lossOf({ config, batch, length }: StepProblem) {
  const { dim, heads, kvHeads, headDim, normEpsilon } = config;
  const count = batch * length;
  const linear = (x: np.Array, weight: np.Array) => np.matmul(x, weight.transpose());
  const norm = (x: np.Array, weight: np.Array) => {
    const inverse = np.reciprocal(np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(normEpsilon)));
    return x.mul(inverse).mul(weight);
  };
  const split = (x: np.Array, count: number) => x.reshape([batch, length, count, headDim]).transpose([0, 2, 1, 3]);
  const rotate = (x: np.Array, { cos, sin }: Tables) => {
    const [a, b] = np.split(x, 2, -1) as [np.Array, np.Array];
    return np.concatenate([a.ref.mul(cos.ref).sub(b.ref.mul(sin.ref)), b.mul(cos.ref).add(a.mul(sin.ref))], -1);
  };
  /** Query heads that share keys stand side by side: [batch, kvHeads, heads / kvHeads * length, headDim]. */
  const group = (x: np.Array) => x.reshape([batch, kvHeads, (heads / kvHeads) * length, headDim]);

  const layer = (x: np.Array, w: Params, tables: Tables, index: number): np.Array => {
    const names = layerNames(index);
    const weight = (module: string) => w[`${module}.weight`]!;
    const n1 = norm(x.ref, w[names.attentionNorm]!);
    const q = group(rotate(split(linear(n1.ref, weight(names.q)), heads), tables));
    const k = rotate(split(linear(n1.ref, weight(names.k)), kvHeads), tables);
    const value = split(linear(n1, weight(names.v)), kvHeads);
    const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(headDim ** -0.5);
    const masked = scores.reshape([batch, heads, length, length]).add(tables.mask.ref);
    const shares = nn.softmax(masked, -1).reshape([batch, kvHeads, (heads / kvHeads) * length, length]);
    const attended = np.matmul(shares, value).reshape([batch, heads, length, headDim]);
    const joined = attended.transpose([0, 2, 1, 3]).reshape([count, heads * headDim]);
    const middle = x.add(linear(joined, weight(names.o)));
    const n2 = norm(middle.ref, w[names.mlpNorm]!);
    const gate = linear(n2.ref, weight(names.gate));
    const act = nn.silu(gate).mul(linear(n2, weight(names.up)));
    return middle.add(linear(act, weight(names.down)));
  };
  return (w: Params, tables: Tables): np.Array => {
    const [inputs, targets] = np.split(w[rowsName]!, 2, 0) as [np.Array, np.Array];
    let x = inputs.reshape([count, dim]);
    for (let i = 0; i < config.layers; i++) x = layer(x, w, tables, i);
    for (const table of Object.values(tables)) table.dispose();
    const hidden = norm(x, w[finalNormName]!);
    const logSum = nn.logsumexp(linear(hidden.ref, w[embeddingName]!), -1);
    return np.mean(logSum.sub(np.sum(hidden.mul(targets), -1)));
  };
}
