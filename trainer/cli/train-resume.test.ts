import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonl, records, writeTinyModel } from '../fixtures/tiny-command-line';
import { parseCheckpoint, serializeCheckpoint } from '../train/checkpoint';
import { trainCommand } from './train';

const dir = mkdtempSync(join(tmpdir(), 'rescue-resume-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string) => join(dir, name);
beforeAll(async () => {
  await writeTinyModel(at('model'));
  writeFileSync(at('data.jsonl'), jsonl(records));
});

/** `onWords` may answer to what is said. */
function train(out: string, options: readonly string[], onWords: (text: string) => void = () => {}) {
  const argv = ['--model', at('model'), '--data', at('data.jsonl'), '--out', at(out), '--backend', 'wasm', ...options];
  const io = { stdout: () => {}, stderr: { write: onWords } };
  return trainCommand.run([...argv, '--threads', '1'], io);
}
const interruptAtStart = (text: string) => text.includes('of memory') && process.emit('SIGINT');

/** What an earlier version leaves that is interrupted: its config and its checkpoint say what it was given, as it was. */
async function beginAsBefore(out: string): Promise<void> {
  const adapter = ['--lora-rank', '2', '--lora-targets', 'q_proj,v_proj', '--lora-dropout', '0.9'];
  expect(await train(out, adapter, interruptAtStart)).toBe(130);
  const older = (text: string) =>
    text.replace('q_proj,v_proj', 'q_proj, v_proj').replace(/"loraDropout":( ?)0\.9/, '"loraDropout":$10.95');
  const [config, file] = [at(`${out}/train-config.json`), at(`${out}/checkpoint.safetensors`)];
  writeFileSync(config, older(readFileSync(config, 'utf8')));
  const { state, ...rest } = parseCheckpoint(readFileSync(file));
  writeFileSync(file, serializeCheckpoint({ ...rest, state: { ...state, fingerprint: older(state.fingerprint) } }));
  expect(readFileSync(config, 'utf8')).toMatch(/0\.95.*q_proj, v_proj/s);
}

describe('rescue train --resume', () => {
  it('resumes the run of an earlier version, which had other limits', async () => {
    await beginAsBefore('older');
    expect(await train('older', ['--resume'])).toBe(0);
    expect(JSON.parse(readFileSync(at('older/result.json'), 'utf8'))).toMatchObject({ status: 'finished' });
  });

  it('accepts the settings that such a run was started with, and applies the current limits to any other', async () => {
    await beginAsBefore('repeated');
    const repeated = ['--resume', '--lora-targets', 'q_proj, v_proj', '--lora-dropout'];
    await expect(train('repeated', [...repeated, '0.96'])).rejects.toThrow('loraDropout');
    expect(await train('repeated', [...repeated, '0.95'])).toBe(0);
  });
});
