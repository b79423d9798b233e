import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tierPalette } from '@/lib/schemas/tier-rules';
import { tierRamp } from './tier';

/** WCAG 2.2 AA for text of this size. */
const AA = 4.5;

type Lab = [lightness: number, a: number, b: number];
type Theme = 'light' | 'dark';

const css = readFileSync('app/globals.css', 'utf8');

/** The declared value of a custom property, from the first rule that `selector` opens. */
function declared(name: string, selector = '@theme'): string {
  const rule = css.slice(css.indexOf(`${selector} {`));
  const found = new RegExp(`${name}: ([^;]+);`).exec(rule.slice(0, rule.indexOf('}')));
  if (!found) throw new Error(`${selector} says nothing of ${name}.`);
  return found[1]!;
}

function inTheme(value: string, theme: Theme): Lab {
  const found = /^light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)$/.exec(value);
  if (!found) throw new Error(`Not a colour for light and dark: ${value}`);
  const [lightness, chroma, hue] = found[theme === 'light' ? 1 : 2]!.split(' ').map(Number) as Lab;
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

/** As `color-mix(in oklab, …)`: the share of the first is the one that the style sheet names. */
function mixed(name: string, of: Lab, rest: Lab): Lab {
  const share = Number(/var\(--tier\) (\d+)%/.exec(declared(name, '[data-ramp]'))![1]) / 100;
  return of.map((value, i) => value * share + rest[i]! * (1 - share)) as Lab;
}

/** Relative luminance of what a screen shows: sRGB, clipped, in 8 bits. */
function luminance([lightness, a, b]: Lab): number {
  const [l, m, s] = [
    (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => Math.min(1, Math.max(0, value)));
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}

function contrast(a: Lab, b: Lab): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const white: Lab = [1, 0, 0];
const black: Lab = [0, 0, 0];

describe('tier colours', () => {
  it('are measured correctly: white on black, and a grey with a known contrast', () => {
    expect(contrast(white, black)).toBeCloseTo(21, 2);
    // #767676 is the lightest grey that passes AA on white: 4.54.
    expect(contrast([0.5681, 0, 0], white)).toBeCloseTo(4.54, 1);
  });

  const stops = ['0', '1', '2', '3', '4', '5', '6'];
  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    it.each([...stops, ...tierPalette])('%s has AA contrast wherever text stands in it or on it', (ramp) => {
      const color = (name: string) => inTheme(declared(`--color-${name}`), theme);
      const tier = inTheme(declared('--tier', `[data-ramp="${ramp}"]`), theme);
      const surface = color('surface');
      const wash = mixed('--tier-wash', tier, surface);
      const ink = mixed('--tier-ink', tier, color('ink'));
      const ratios = {
        'the number on its colour': contrast(surface, tier),
        'a name on the wash': contrast(ink, wash),
        'a name on a card': contrast(ink, surface),
        'a count on the wash': contrast(color('soft'), wash),
      };
      for (const [where, ratio] of Object.entries(ratios)) expect(ratio, where).toBeGreaterThanOrEqual(AA);
    });
  });
});

describe('tierRamp', () => {
  it('spreads the ramp over the ranks', () => {
    expect([0, 1, 2, 3].map((index) => tierRamp(index, 4))).toEqual(['0', '2', '4', '6']);
    expect([0, 1].map((index) => tierRamp(index, 2))).toEqual(['0', '6']);
  });

  it('takes the colours that were chosen, and for tiers of another number the ramp', () => {
    const colors = ['teal', 'ramp', 'red'] as const;
    expect([0, 1, 2].map((index) => tierRamp(index, 3, colors))).toEqual(['teal', '3', 'red']);
    expect([0, 1].map((index) => tierRamp(index, 2, colors))).toEqual(['0', '6']);
  });
});
