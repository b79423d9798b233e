/** What was predicted from the code before any card was at hand, beside what is measured here. */
import type { Cell, Table } from './report';

/** Predicted for an M2 with 10 cores, an RTX 4060 laptop, an Iris Xe and an H100 through Dawn, in this order. */
const PREDICTIONS: readonly {
  readonly what: string;
  readonly predicted: readonly [Cell, Cell, Cell, Cell];
  /** Where the measurement stands: a table's beginning, a row's, and the cell in it. */
  readonly measured: readonly [table: string, row: string, cell: number];
}[] = [
  {
    what: 'step of the whole model, mixed, ms',
    predicted: [1850, 480, 2800, '155 to 200'],
    measured: ['Training steps, ', 'whole model, mixed', 1],
  },
  {
    what: 'step of an adapter of rank 16, mixed, ms',
    predicted: [1500, 450, 2300, '240 to 320'],
    measured: ['Training steps, ', 'LoRA of rank 16, mixed', 1],
  },
  {
    what: 'recording a dispatch, microseconds of CPU',
    predicted: ['10 to 30', '10 to 30', '10 to 30', '10 to 30'],
    measured: ['Overheads', 'recording a dispatch', 1],
  },
  {
    what: 'attention of a layer forward, microseconds',
    predicted: [null, null, null, 95],
    measured: ['Attention', 'forward, f32', 1],
  },
  {
    what: 'attention of a layer backward, microseconds',
    predicted: [null, null, null, 380],
    measured: ['Attention', 'backward, f32', 1],
  },
];

/** Null where none of it was measured. */
export function comparePredictions(tables: readonly Table[]): Table | null {
  const rows = PREDICTIONS.flatMap(({ what, predicted, measured: [table, row, cell] }) => {
    const found = tables
      .find(({ title }) => title.startsWith(table))
      ?.rows.find(([name]) => String(name).startsWith(row));
    return found ? [[what, ...predicted, found[cell] ?? null]] : [];
  });
  if (rows.length === 0) return null;
  const head = ['what', 'M2', 'RTX 4060 laptop', 'Iris Xe', 'H100', 'measured here'];
  return { title: 'Predicted, and measured here', head, rows };
}
