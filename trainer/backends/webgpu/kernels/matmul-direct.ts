/**
 * C = op(A) op(B) without workgroup memory: every thread reads the rows and columns of its own register block. Faster
 * than tiles where barriers are expensive (2 to 4 x on adapters emulated on a CPU) and where a product is too small to
 * fill tiles. Needs operands that can be read four at a time.
 */
import { type Kernel, kernelFamily, read, repeat, unpackVec4, variantName, vec4Type } from '../kernel';
import { MATMUL_PARAMS, type MatmulParams, type MatmulVariant, TILES } from './matmul';
import { storeBindings, storeFunction } from './matmul-store';

/**
 * Starts, strides and row lengths of all operands are multiples of 4. Blocks at the edge read the last row or columns
 * again, and discard the result.
 */
export const directMatmulKernel: (variant: MatmulVariant) => Kernel<keyof MatmulParams> = kernelFamily((variant) => {
  const { form, halfA, halfB } = variant;
  const { m, n, blockM, blockN } = TILES[variant.tile]!;
  const [m4, n4] = [blockM / 4, blockN / 4];
  const load = (name: 'a' | 'b', at: string) => unpackVec4(`${name}[(${at}) / 4u]`, name === 'a' ? halfA : halfB);
  const product = form === 'nt' ? dots(blockM, blockN, load) : outerProducts(form, blockM, n4, load);
  const rowsOfA = (i: number) => `  let a${i} = params.aStart + min(row0 + ${i}u, params.m - 1u) * params.aStride;`;
  const rowsOfB = (j: number) => `  let b${j} = params.bStart + min(column0 + ${j}u, params.n - 1u) * params.bStride;`;
  const columnsOfA = (i: number) => `  let a${i} = params.aStart + min(row0 + ${4 * i}u, params.m - 4u);`;
  const columnsOfB = (j: number) => `  let b${j} = params.bStart + min(column0 + ${4 * j}u, params.n - 4u);`;
  const code = `
${storeFunction(variant)}

@compute @workgroup_size(${n / blockN}, ${m / blockM})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row0 = id.y * ${blockM}u;
  let column0 = id.x * ${blockN}u;
${form === 'tn' ? repeat(m4, columnsOfA) : repeat(blockM, rowsOfA)}
${form === 'nt' ? repeat(blockN, rowsOfB) : repeat(n4, columnsOfB)}
${product.declare}
  for (var k0 = 0u; k0 < params.k; k0 += 4u) {
${product.add}
  }
${repeat(blockM, (i) => repeat(n4, (j) => `  store(0u, row0 + ${i}u, column0 + ${4 * j}u, ${product.result(i, j)});`))}
}`;
  return {
    name: `matmul direct ${variantName([variant])}`,
    bindings: [...storeBindings(variant), read('a', vec4Type(halfA)), read('b', vec4Type(halfB))],
    params: MATMUL_PARAMS,
    code,
  };
});

interface Product {
  readonly declare: string;
  /** WGSL that adds four steps of k, from k0 on. */
  readonly add: string;
  /** WGSL for the j-th vector of four columns of row i. */
  result(i: number, j: number): string;
}

type Load = (name: 'a' | 'b', at: string) => string;

/** For operands whose rows both run along k. */
function dots(blockM: number, blockN: number, load: Load): Product {
  return {
    declare: repeat(blockM, (i) => repeat(blockN, (j) => `  var c${i}_${j} = 0.0;`)),
    add: `${repeat(blockM, (i) => `    let x${i} = ${load('a', `a${i} + k0`)};`)}
${repeat(
  blockN,
  (j) => `    let y${j} = ${load('b', `b${j} + k0`)};
${repeat(blockM, (i) => `    c${i}_${j} += dot(x${i}, y${j});`)}`,
)}`,
    result: (i, j) => `vec4<f32>(${[0, 1, 2, 3].map((at) => `c${i}_${4 * j + at}`).join(', ')})`,
  };
}

/** For a B whose columns run along k; those of A too in 'tn'. k is a multiple of 4 in 'nn', and any number in 'tn'. */
function outerProducts(form: 'nn' | 'tn', blockM: number, n4: number, load: Load): Product {
  const step = (r: number) => `
${repeat(n4, (j) => `      let y${j} = ${load('b', `b${j} + (k0 + ${r}u) * params.bStride`)};`)}
${form === 'tn' ? repeat(blockM / 4, (i) => `      let x${i} = ${load('a', `a${i} + (k0 + ${r}u) * params.aStride`)};`) : ''}
${repeat(blockM, (i) => {
  const factor = form === 'tn' ? `x${i >> 2}[${i & 3}]` : `x${i}[${r}]`;
  return repeat(n4, (j) => `      c${i}_${j} = fma(vec4<f32>(${factor}), y${j}, c${i}_${j});`);
})}`;
  const guarded = (r: number) =>
    form === 'tn' && r > 0 ? `    if (k0 + ${r}u < params.k) {${step(r)}\n    }` : `    {${step(r)}\n    }`;
  return {
    declare: repeat(blockM, (i) => repeat(n4, (j) => `  var c${i}_${j} = vec4<f32>();`)),
    add: `${form === 'nn' ? repeat(blockM, (i) => `    let x${i} = ${load('a', `a${i} + k0`)};`) : ''}
${repeat(4, guarded)}`,
    result: (i, j) => `c${i}_${j}`,
  };
}
