/** Plots of a report, as SVG that reads in light and dark. Whoever cannot see them finds every number in its tables. */
import type { Interval } from '../../lib/ranking/statistic';

const style = `<style>
text{font:12px system-ui,sans-serif;fill:#1f2430}.faint{fill:#626a78}.grid{stroke:#d9dde4}.mark{fill:#2f6fde;stroke:#2f6fde}.cell{fill:#2f6fde}.low{fill:#c2571a}
@media (prefers-color-scheme:dark){text{fill:#e8eaee}.faint{fill:#9aa3b2}.grid{stroke:#3a4150}.mark{fill:#7aa7ff;stroke:#7aa7ff}.cell{fill:#4b83e6}.low{fill:#d9773d}}
</style>`;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const svg = (width: number, height: number, title: string, parts: readonly string[]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
${style}
${parts.join('\n')}
</svg>
`;

export interface PlotRow {
  readonly label: string;
  readonly value: number;
  readonly interval: Interval;
}

const LABELS = 190;
const ROW = 26;
const WIDTH = 720;
const RIGHT = 60;

/** A point and its interval a row, on one axis. */
export function intervalPlot(title: string, rows: readonly PlotRow[], [low, high]: readonly [number, number]): string {
  const x = (value: number) => LABELS + ((value - low) / (high - low)) * (WIDTH - LABELS - RIGHT);
  const bottom = 34 + rows.length * ROW;
  const ticks = Array.from({ length: 5 }, (_, i) => low + (i * (high - low)) / 4);
  return svg(WIDTH, bottom + 26, title, [
    `<text x="0" y="14">${escaped(title)}</text>`,
    ...ticks.flatMap((tick) => [
      `<line class="grid" x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="26" y2="${bottom}"/>`,
      `<text class="faint" x="${x(tick).toFixed(1)}" y="${bottom + 16}" text-anchor="middle">${Number(tick.toFixed(2))}</text>`,
    ]),
    ...rows.flatMap(({ label, value, interval }, i) => {
      const y = 44 + i * ROW;
      return [
        `<text x="${LABELS - 10}" y="${y + 4}" text-anchor="end">${escaped(label)}</text>`,
        ...(interval
          ? [
              `<line class="mark" stroke-width="2" x1="${x(interval[0]).toFixed(1)}" x2="${x(interval[1]).toFixed(1)}" y1="${y}" y2="${y}"/>`,
            ]
          : []),
        `<circle class="mark" cx="${x(value).toFixed(1)}" cy="${y}" r="4"/>`,
        `<text class="faint" x="${WIDTH - RIGHT + 12}" y="${y + 4}">${value.toFixed(3)}</text>`,
      ];
    }),
  ]);
}

/** A square of values from -1 to 1; the stronger the colour the higher, and of another colour below 0. */
export function heatMap(
  title: string,
  names: readonly string[],
  valueAt: (row: number, column: number) => number | null,
) {
  const size = 56;
  const left = 150;
  const height = 40 + names.length * size + 24;
  return svg(left + names.length * size + 10, height, title, [
    `<text x="0" y="14">${escaped(title)}</text>`,
    ...names.flatMap((name, row) => [
      `<text x="${left - 10}" y="${34 + row * size + size / 2}" text-anchor="end">${row + 1}. ${escaped(name)}</text>`,
      `<text class="faint" x="${left + row * size + size / 2}" y="${height - 6}" text-anchor="middle">${row + 1}</text>`,
      ...names.flatMap((_, column) => {
        const value = row === column ? null : valueAt(row, column);
        const [x, y] = [left + column * size, 30 + row * size];
        if (value === null) return [];
        return [
          `<rect class="${value < 0 ? 'low' : 'cell'}" fill-opacity="${Math.min(0.9, Math.abs(value)).toFixed(2)}" x="${x + 1}" y="${y + 1}" width="${size - 2}" height="${size - 2}" rx="4"/>`,
          `<text x="${x + size / 2}" y="${y + size / 2 + 4}" text-anchor="middle">${value.toFixed(2)}</text>`,
        ];
      }),
    ]),
  ]);
}

export interface PlotCurve {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const DASHES = ['', '7 4', '2 4', '10 3 2 3', '1 6'];

/** Curves on two axes of shares, apart by their dashes; the first one is the thickest. */
export function curvePlot(
  title: string,
  { x: xTitle, y: yTitle }: { x: string; y: string },
  curves: readonly PlotCurve[],
): string {
  const lowest = curves.flatMap(({ points }) => points).reduce((least, { y }) => Math.min(least, y), 1);
  const from = Math.floor(lowest * 20) / 20;
  const [left, top, width, height] = [60, 34, 600, 300];
  const x = (value: number) => left + value * width;
  const y = (value: number) => top + ((1 - value) / (1 - from)) * height;
  const ticks = Array.from({ length: 6 }, (_, i) => i / 5);
  return svg(WIDTH, top + height + 56 + 20 * curves.length, title, [
    `<text x="0" y="14">${escaped(title)}</text>`,
    ...ticks.flatMap((tick) => {
      const height_ = from + tick * (1 - from);
      return [
        `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${top + height}"/>`,
        `<text class="faint" x="${x(tick)}" y="${top + height + 16}" text-anchor="middle">${Math.round(100 * tick)} %</text>`,
        `<line class="grid" x1="${left}" x2="${left + width}" y1="${y(height_).toFixed(1)}" y2="${y(height_).toFixed(1)}"/>`,
        `<text class="faint" x="${left - 8}" y="${(y(height_) + 4).toFixed(1)}" text-anchor="end">${Number((100 * height_).toFixed(1))} %</text>`,
      ];
    }),
    `<text class="faint" x="${left + width / 2}" y="${top + height + 34}" text-anchor="middle">${escaped(xTitle)}; upwards: ${escaped(yTitle)}</text>`,
    ...curves.flatMap(({ label, points }, i) => {
      const line = `class="mark" fill="none" style="fill:none" stroke-width="${i === 0 ? 3 : 1.5}" stroke-dasharray="${DASHES[i % DASHES.length]}"`;
      const legend = top + height + 52 + 20 * i;
      return [
        `<polyline ${line} points="${points.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ')}"/>`,
        `<line ${line} x1="${left}" x2="${left + 40}" y1="${legend}" y2="${legend}"/>`,
        `<text x="${left + 50}" y="${legend + 4}">${escaped(label)}</text>`,
      ];
    }),
  ]);
}
