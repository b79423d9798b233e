import type { Root, RootContent } from 'hast';
import type { TextForm } from './text-form';
import type { FromTextWorker } from './text-worker';

/**
 * Texts as their worker formatted them, remembered by text. One text at a time, the shortest first; a text that takes
 * longer than `LIMIT` is given up and its worker with it, so that no text keeps the others waiting for good.
 */
export type Drawing = { text: string; form: TextForm };
/** `intricate`: it stays as it was written. */
export type Drawn = Root | 'intricate';

/** Milliseconds for one text; an ordinary long answer takes twenty to fifty. */
const LIMIT = 3000;
/** Texts remembered; a prompt has at most a hundred or so. */
const REMEMBERED = 400;

const known = new Map<string, Drawn>();
const waiting = new Map<string, Drawing>();
const listeners = new Set<() => void>();
let worker: { at: Worker; isReady: boolean; task: { key: string; timer: number } | null } | null = null;

const keyOf = ({ text, form }: Drawing) => `${Number(form.markdown)}${Number(form.math)}${text}`;

/** The text as it is to be drawn; undefined as long as it is not there. */
export const drawnText = (drawing: Drawing): Drawn | undefined => known.get(keyOf(drawing));

export function onDrawn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Has a text formatted, unless it is one that stands as it is or is there already. */
export function wantDrawn(drawing: Drawing): void {
  if (!drawing.form.markdown && !drawing.form.math) return;
  const key = keyOf(drawing);
  if (known.has(key) || waiting.has(key) || worker?.task?.key === key) return;
  waiting.set(key, drawing);
  goOn();
}

function goOn(): void {
  if (waiting.size === 0 || worker?.task) return;
  if (!worker) start();
  if (!worker?.isReady) return;
  const [key, drawing] = [...waiting].reduce((least, each) => (each[0].length < least[0].length ? each : least));
  waiting.delete(key);
  worker.task = { key, timer: window.setTimeout(giveUp, LIMIT) };
  worker.at.postMessage(drawing);
}

function start(): void {
  let at: Worker;
  try {
    at = new Worker(new URL('./text-worker.ts', import.meta.url), { type: 'module' });
  } catch {
    // Without workers every text stays as it was written.
    waiting.clear();
    return;
  }
  worker = { at, isReady: false, task: null };
  at.onmessage = ({ data }: MessageEvent<FromTextWorker>) => {
    if (data === 'ready') worker!.isReady = true;
    else if ('coloured' in data) finish((drawn) => withBlocks(drawn, data.coloured));
    else if (data.isLast) finish(() => data.tree ?? 'intricate');
    else if (worker?.task) keep(worker.task.key, data.tree ?? 'intricate');
    goOn();
  };
  at.onerror = () => {
    if (worker?.task) giveUp();
    else {
      // It could not be fetched; the next text tries again.
      worker = null;
      waiting.clear();
    }
  };
}

/** The text takes too long: who knows what its worker is at. */
function giveUp(): void {
  worker?.at.terminate();
  const task = worker?.task;
  worker = null;
  // Where only the colours of its code are missing, it stays as it is.
  if (task && !known.has(task.key)) keep(task.key, 'intricate');
  goOn();
}

function finish(last: (drawn: Drawn | undefined) => Drawn | undefined): void {
  if (!worker?.task) return;
  const { key, timer } = worker.task;
  clearTimeout(timer);
  worker.task = null;
  const drawn = last(known.get(key));
  if (drawn && drawn !== known.get(key)) keep(key, drawn);
}

/** The same tree with some blocks in place of others; the rest need not be drawn again. */
function withBlocks(drawn: Drawn | undefined, blocks: readonly [number, RootContent][]): Drawn | undefined {
  if (typeof drawn !== 'object' || blocks.length === 0) return drawn;
  const children = [...drawn.children];
  for (const [place, block] of blocks) children[place] = block;
  return { ...drawn, children };
}

function keep(key: string, drawn: Drawn): void {
  known.set(key, drawn);
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) break;
    known.delete(oldest);
  }
  for (const listener of listeners) listener();
}
