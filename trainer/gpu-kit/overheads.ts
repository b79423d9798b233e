/** What work costs besides its arithmetic: a dispatch, a wait, a byte moved. */
import { adamWKernel, scaleKernel } from '../backends/webgpu/kernels/elementwise';
import { recordElementwise } from '../backends/webgpu/rows';
import type { BenchDevice } from './bench-device';
import type { Cell, Table } from './report';

const values = (buffer: ReturnType<BenchDevice['recorder']['scratch']>) => ({ buffer, half: false });

export async function measureOverheads(bench: BenchDevice): Promise<Table> {
  const { recorder, finish, software } = bench;
  const rows: Cell[][] = [];

  const small = recorder.scratch(64);
  const dispatches = software ? 100 : 4000;
  const record = (factor: number) => recordElementwise(recorder, scaleKernel, [values(small)], 64, { factor });
  record(1);
  await finish();
  let begin = performance.now();
  for (let i = 0; i < dispatches; i++) record(1);
  const recorded = performance.now() - begin;
  await finish();
  const done = performance.now() - begin;
  rows.push(['recording a dispatch, microseconds of CPU', (1000 * recorded) / dispatches]);
  rows.push(['a trivial dispatch in all, microseconds', (1000 * done) / dispatches]);
  begin = performance.now();
  const waits = software ? 5 : 50;
  for (let i = 0; i < waits; i++) {
    record(1);
    await finish();
  }
  rows.push(['submitting one dispatch and waiting for it, microseconds', (1000 * (performance.now() - begin)) / waits]);

  const length = software ? 2 ** 16 : 2 ** 26;
  const [parameter, gradient, m, v] = [0, 1, 2, 3].map(() => values(recorder.scratch(length)));
  const adam = { gradientScale: 1, beta1: 0.9, rest1: 0.1, beta2: 0.999, rest2: 0.001, decay: 1, rate: 1e-3 };
  const milliseconds = await bench.time(() =>
    recordElementwise(recorder, adamWKernel, [parameter!, gradient!, m!, v!], length, {
      ...adam,
      inverseRoot: 1,
      epsilon: 1e-8,
    }),
  );
  rows.push([`AdamW of ${length} values, GB/s`, (7 * 4 * length) / milliseconds / 1e6]);
  for (const { buffer } of [parameter!, gradient!, m!, v!]) recorder.pool.destroy(buffer);
  return { title: 'Overheads and bandwidth', head: ['what', 'value'], rows };
}
