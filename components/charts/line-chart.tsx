'use client';

import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onThemeChange, resolveColors } from './chart-colors';
import { type CurveValues, latest, smooth, smoothingFor } from './series';

export interface LineChartProps {
  readonly title: string;
  /** One sentence on what the curve means. */
  readonly description: string;
  readonly xLabel: string;
  /** The caption of the number while it is the latest value. */
  readonly latestLabel: string;
  readonly xs: readonly number[];
  readonly ys: CurveValues;
  /** What an x stands for, where it is not a number that people count: "Nov 27". */
  readonly formatX?: (x: number) => string;
  /** A CSS colour, custom properties allowed. */
  readonly color: string;
  readonly format: (value: number) => string;
  /**
   * Formats the axis labels where they differ; a canvas draws left to right, so they must not contain direction marks.
   */
  readonly formatTick?: (value: number) => string;
  /** Draws the measured points and straight lines between them instead of a smoothed curve. */
  readonly points?: boolean;
  readonly yRange?: readonly [number, number];
  /** A horizontal line with its meaning, e.g. chance. */
  readonly reference?: { readonly value: number; readonly label: string };
}

const HEIGHT = 180;

/** One curve. Screen readers cannot read the canvas, so the page has to show the values in a table as well. */
export function LineChart(props: LineChartProps) {
  const { title, description, xLabel, latestLabel, xs, ys, color, format, formatX, points = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const latestProps = useRef(props);
  latestProps.current = props;

  // The plot is created once, and again when the theme changes; the effect below updates its data.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let alive = true;
    const build = async () => {
      const { default: UPlot } = await import('uplot');
      if (!alive) return;
      plot.current?.destroy();
      plot.current = new UPlot(
        plotOptions(UPlot, element, latestProps.current, setHovered),
        plotData(latestProps.current),
        element,
      );
    };
    void build();
    const resize = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && plot.current?.width !== width) plot.current?.setSize({ width, height: HEIGHT });
    });
    resize.observe(element);
    const stopTheme = onThemeChange(() => void build());
    return () => {
      alive = false;
      resize.disconnect();
      stopTheme();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    plot.current?.setData(plotData({ ...latestProps.current, xs, ys, points }));
  }, [xs, ys, points]);

  const hoveredValue = hovered === null ? null : (ys[hovered] ?? null);
  const shown = hoveredValue ?? latest(ys);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-2 flex items-start justify-between gap-3">
        <span>
          <span className="flex items-center gap-2 font-medium text-sm">
            <span aria-hidden="true" className="h-0.5 w-3.5 rounded-full" style={{ background: color }} />
            {title}
          </span>
          <span className="mt-0.5 block text-[0.8125rem] text-faint leading-snug">{description}</span>
        </span>
        <span className="tabular shrink-0 text-end">
          <span className="block font-semibold text-lg leading-tight">{shown === null ? '–' : format(shown)}</span>
          <span className="block text-faint text-xs">
            {hoveredValue === null ? latestLabel : (formatX?.(xs[hovered ?? 0]!) ?? `${xLabel} ${xs[hovered ?? 0]}`)}
          </span>
        </span>
      </figcaption>
      <div ref={host} dir="ltr" aria-hidden="true" className="w-full" style={{ height: HEIGHT }} />
    </figure>
  );
}

/** The x values, the main curve, and the raw values, which are drawn faintly. */
function plotData({ xs, ys, points }: LineChartProps): uPlot.AlignedData {
  const strong = points ? [...ys] : smooth(ys, smoothingFor(ys.length));
  return [[...xs], strong, points ? ys.map(() => null) : [...ys]];
}

function plotOptions(
  UPlot: typeof uPlot,
  element: HTMLElement,
  { color, format, formatTick = format, formatX = String, points = false, yRange, reference }: LineChartProps,
  onHover: (index: number | null) => void,
): uPlot.Options {
  const colors = resolveColors(element, {
    line: color,
    faint: `color-mix(in oklab, ${color} 28%, transparent)`,
    axis: 'var(--color-faint)',
    grid: 'var(--color-line)',
    surface: 'var(--color-surface)',
  });
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colors.axis, font, ticks: { show: false }, border: { show: false } };
  return {
    width: Math.max(1, element.clientWidth),
    height: HEIGHT,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7, fill: colors.line, stroke: colors.surface, width: 2 },
    },
    scales: {
      x: { time: false, range: (_, min, max) => (min === max ? [min - 0.5, max + 0.5] : [min, max]) },
      y: yRange === undefined ? {} : { range: [yRange[0], yRange[1]] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 60,
        incrs: WHOLE_STEPS,
        values: (_, ticks) => ticks.map((x) => (Number.isInteger(x) ? formatX(x) : '')),
      },
      { ...axis, grid: { stroke: colors.grid, width: 1 }, size: 52, values: (_, ticks) => ticks.map(formatTick) },
    ],
    series: [
      {},
      {
        stroke: colors.line,
        width: 2,
        spanGaps: true,
        points: { show: points, size: 6, fill: colors.line, stroke: colors.surface },
      },
      { stroke: colors.faint, width: 1, spanGaps: true, points: { show: false } },
    ],
    hooks: {
      setCursor: [(plot) => onHover(plot.cursor.idx ?? null)],
      drawClear: reference === undefined ? [] : [(plot) => drawReference(UPlot, plot, reference, colors.axis, font)],
    },
  };
}

/** Tick intervals of the x axis: steps are integers, so there must be no tick at 2.5. */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

function drawReference(
  UPlot: typeof uPlot,
  plot: uPlot,
  reference: { value: number; label: string },
  color: string,
  font: string,
): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(reference.value, 'y', true));
  if (!(y >= bbox.top && y <= bbox.top + bbox.height)) return;
  const ratio = UPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = font.replace('11px', `${11 * ratio}px`);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  ctx.fillText(reference.label, bbox.left + bbox.width, y - 3 * ratio);
  ctx.restore();
}
