/**
 * A product's kernel is put together from parts of WGSL. Compiling all of their combinations takes minutes on an emulated
 * GPU, so tests run each part in some of them: here it is shown that a part reads the same in all the others.
 */
import { describe, expect, it } from 'vitest';
import { type MatmulVariant, matmulKernel, TILES } from './matmul';
import { directMatmulKernel } from './matmul-direct';
import type { StoreVariant } from './matmul-store';

const FORMS = ['nt', 'nn', 'tn'] as const;
const tiles = TILES.map((_, tile) => tile);
const tiled = tiles.filter((tile) => TILES[tile]!.k > 0);
const flags = [false, true];

const stores: StoreVariant[] = flags.flatMap((bias) =>
  flags.flatMap((swiglu) =>
    (['nothing', 'own', 'other'] as const).flatMap((plus) =>
      [
        { vectorC: false, halfC: false },
        { vectorC: true, halfC: false },
        { vectorC: true, halfC: true },
      ].map((kind) => ({ ...kind, plus, bias, swiglu })),
    ),
  ),
);
const plain: MatmulVariant = {
  form: 'nt',
  tile: 0,
  vectorA: true,
  vectorB: true,
  halfA: false,
  halfB: false,
  vectorC: true,
  halfC: false,
  plus: 'nothing',
  bias: false,
  swiglu: false,
};

/** The functions of a kernel's WGSL by name. */
function functionsOf(change: Partial<MatmulVariant>): Map<string, string> {
  const variant = { ...plain, ...change };
  const { code } = (TILES[variant.tile]!.k > 0 ? matmulKernel : directMatmulKernel)(variant);
  return new Map([...code.matchAll(/^fn (\w+)\([\s\S]*?^\}/gm)].map(([text, name]) => [name!, text]));
}

const distinct = (texts: readonly (string | undefined)[]) => new Set(texts).size;

describe("the parts of a product's kernel", () => {
  it('what it stores is the same for each form, tile and operand', () => {
    const texts = stores.map((store) => {
      const same = tiles.flatMap((tile) =>
        FORMS.flatMap((form) =>
          flags.map((halfB) => functionsOf({ ...store, form, tile, halfB, halfA: !halfB }).get('store')),
        ),
      );
      expect(distinct(same)).toBe(1);
      expect(same[0]).toMatch(/^fn store/);
      return same[0];
    });
    expect(distinct(texts)).toBe(stores.length);
  });

  it('how it multiplies is the same for each epilogue', () => {
    for (const form of FORMS) {
      const texts = tiles.map((tile) => {
        const same = stores.map((store) => functionsOf({ ...store, form, tile }).get('main'));
        expect(distinct(same)).toBe(1);
        expect(same[0]).toMatch(/^fn main/);
        return same[0];
      });
      expect(distinct(texts)).toBe(tiles.length);
    }
  });

  it('how a tile multiplies is the same for all operands, and how those are read for all tiles', () => {
    const operands = flags.flatMap((vector) => flags.map((half) => ({ vector, half })));
    for (const form of FORMS) {
      const of = (tile: number, { vector, half }: (typeof operands)[number]) =>
        functionsOf({ form, tile, vectorA: vector, vectorB: vector, halfA: half, halfB: half });
      for (const tile of tiled) {
        expect(distinct(operands.map((operand) => of(tile, operand).get('main')))).toBe(1);
      }
      for (const load of ['load_a', 'load_b']) {
        for (const operand of operands) {
          expect(distinct(tiled.map((tile) => of(tile, operand).get(load)))).toBe(1);
        }
        expect(distinct(operands.map((operand) => of(0, operand).get(load)))).toBe(operands.length);
      }
    }
  });
});
