/**
 * Pairs a second out of a snapshot, and the memory that it takes: from the stored lines of its records, as the server
 * reads them, through a format's writer into a ZIP archive that is read as fast as it is made. The database's own part
 * is not in it. `--pairs=5000000` for another number than a million.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exportFiles } from '../../lib/containers/export-files';
import { zipFiles } from '../../lib/containers/zip-files';
import { chosenColumns } from '../../lib/formats/exports/readme';
import { exporters } from '../../lib/formats/exports/registry';
import { recordLine } from '../../lib/formats/snapshot-records';
import type { ExportFormat } from '../../lib/schemas/export';
import type { SnapshotRecord } from '../../trainer/contract/record';

/** Four responses in four tiers. */
const PAIRS_PER_PROMPT = 6;
const pairs = Number(process.argv.find((one) => one.startsWith('--pairs='))?.slice('--pairs='.length) ?? 1_000_000);
const prompts = Math.ceil(pairs / PAIRS_PER_PROMPT);

const words = 'the answer depends on what was asked and on whom it is for , so it says first what is known . '.split(
  ' ',
);
/** Some hundred characters that differ from prompt to prompt, as answers do. */
const text = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => words[(seed * 31 + i * 7 + ((seed * i) % 13)) % words.length]).join(' ');

function line(at: number): string {
  const responses = [0, 1, 2, 3].map((tier) => {
    return { id: `r${tier}`, text: text(at * 4 + tier, 60), source: `model-${tier}`, tier };
  });
  const ordered = responses.flatMap((chosen, i) =>
    responses.slice(i + 1).map((rejected) => ({
      chosen: chosen.id,
      rejected: rejected.id,
      margin: rejected.tier - chosen.tier,
      support: ['annotator-1', 'annotator-2'],
      against: [],
    })),
  );
  const prompt = [{ role: 'user' as const, content: text(at, 40) }];
  return recordLine({ id: `p${at}`, prompt, responses, pairs: ordered, target: 'r0' });
}

/** Made beforehand, so that making them is not measured; the snapshot goes through them again and again. */
const lines = Array.from({ length: 2000 }, (_, at) => line(at));

async function* records(): AsyncGenerator<SnapshotRecord> {
  for (let at = 0; at < prompts; at++) {
    if (at % 50 === 0) await nextTurn();
    yield JSON.parse(lines[at % lines.length]!) as SnapshotRecord;
  }
}

async function measure(format: ExportFormat) {
  const exporter = exporters[format];
  const header = {
    schema_version: 1 as const,
    hash: '0'.repeat(64),
    name: 'bench',
    tiers: ['1', '2', '3', '4'],
    strategy: 'annotations' as const,
    filters: {},
    counts: { prompts, responses: prompts * 4, pairs: prompts * PAIRS_PER_PROMPT, annotations: 0, dropped_pairs: 0 },
    created_at: '2026-01-01T00:00:00.000Z',
  };
  const about = {
    format,
    projectName: 'bench',
    header,
    columns: chosenColumns(exporter, undefined),
    people: 'pseudonyms' as const,
  };
  const start = performance.now();
  const cpu = process.cpuUsage();
  let bytes = 0;
  let peak = 0;
  let early = 0;
  const source = { exporter, about, records, nameOf: (pseudonym: string) => pseudonym };
  for await (const piece of zipFiles(exportFiles(source))) {
    bytes += piece.length;
    const { rss } = process.memoryUsage();
    peak = Math.max(peak, rss);
    if (performance.now() - start < 2000) early = Math.max(early, rss);
  }
  const seconds = (performance.now() - start) / 1000;
  // Of all threads: deflating has one of its own. On a busy machine it says more than the wall's clock.
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  const perSecond = (of: number) => Math.round((prompts * PAIRS_PER_PROMPT) / of).toLocaleString('en');
  const mib = (count: number) => `${Math.round(count / 2 ** 20)} MiB`;
  console.log(
    `${format.padEnd(22)} ${perSecond(seconds)} pairs/s (${perSecond(cpuSeconds)} a second of CPU), ` +
      `${mib(bytes)} in ${seconds.toFixed(1)} s; memory after 2 s ${mib(early)}, at most ${mib(peak)}`,
  );
}

for (const format of ['trl-conversational', 'llama-factory-sharegpt', 'csv', 'parquet', 'rrhf'] as const) {
  await measure(format);
}
