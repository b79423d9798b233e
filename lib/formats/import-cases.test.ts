/** Import files that people had: each is named after what is odd about it, and what should become of it is said here. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readImport } from '../containers/read-import';
import { translate } from '../i18n/translate';
import type { ImportWarningKind } from '../schemas/prompt-import';

/** The reason of the only refusal; or the ids that are taken, with what is said of them. */
type Outcome = RegExp | { ids: string[]; warned?: ImportWarningKind };

/** A prompt that came without an id has one of its content. */
const HASH = expect.stringMatching(/^[0-9a-f]{16}$/);

const cases: Readonly<Record<string, Outcome>> = {
  'blank-lines': { ids: ['bl'] },
  bom: { ids: ['bom1'] },
  'changed-content': { ids: ['i1'], warned: 'equalResponses' },
  'cr-only': { ids: ['cr1', 'cr2'] },
  crlf: { ids: ['crlf1', 'crlf2'] },
  csv: { ids: ['1'] },
  'dup-ext-id-same-content': /^2: external_id "d1" was already used on line 1$/,
  'dup-ext-id': /^2: external_id "d1" was already used on line 1$/,
  'dup-key': { ids: ['dk'], warned: 'repeatedKeys' },
  'empty-file': /^1: the file holds no prompts$/,
  'empty-response': /^1: responses\[0\]\.text: must not be empty$/,
  'ext-id-case': { ids: ['Case', 'case'], warned: 'similarIds' },
  'ext-id-space': { ids: ['sp ', 'sp'], warned: 'similarIds' },
  hh: { ids: [HASH] },
  html: { ids: ['html'] },
  'identical-three': { ids: ['i2'], warned: 'equalResponses' },
  'identical-two': { ids: ['i1'], warned: 'equalResponses' },
  'json-array-pretty': { ids: ['ar1'] },
  'json-array': { ids: ['ar1', 'ar2'] },
  'label-number': { ids: ['lab1'] },
  latin1: /^1: the line is not valid UTF-8$/,
  'lone-surrogate': /^1: prompt\[0\]\.content: must not contain half a surrogate pair$/,
  'nan-literal': /^1: the line is not valid JSON: unexpected “NaN” at column 43$/,
  'no-id': /^1: external_id \(or "id"\) is missing$/,
  'nul-escaped': /^1: prompt\[0\]\.content: must not contain the NUL character$/,
  'nul-in-ignored-field': { ids: ['n3'] },
  'nul-in-key': { ids: ['n4'] },
  'nul-in-response': /^1: responses\[0\]\.text: must not contain the NUL character$/,
  'null-optional': { ids: ['nu1'] },
  'numeric-id-big': { ids: ['12345678901234567890'] },
  // Its number is taken as an id; what is left are its responses.
  'numeric-id': /^1: responses\[0\]: must be an object with a "text"\n1: responses\[1\]/,
  'one-response': /^1: responses: must hold at least 2 responses$/,
  'prompt-empty-messages': /^1: prompt: must hold at least one message$/,
  'prompt-last-assistant': { ids: ['m2'], warned: 'endsWithAssistant' },
  'prompt-role-human': /^1: prompt\[0\]\.role: must be one of "system", "user", "assistant"$/,
  'prompt-role-tool': /^1: prompt\[1\]\.role: must be one of "system", "user", "assistant"$/,
  'prompt-two-user': { ids: ['m3'] },
  proto: { ids: ['__proto__'] },
  'responses-as-messages': /^1: responses\[0\]\.text: must be a text \(string\), not a list$/,
  'rtl-only': { ids: ['rtl-x'] },
  'rtl-override': { ids: ['e6'] },
  sharegpt: { ids: ['m7'] },
  'slash-ids': { ids: ['../../etc?x=1#y'] },
  'string-responses': /^1: responses\[0\]: must be an object with a "text"\n1: responses\[1\]/,
  thirteen: /^1: responses: must hold at most 12 responses$/,
  'trailing-comma': /^1: the line is not valid JSON: unexpected “}” at column 74$/,
  'trl-conv': { ids: [HASH] },
  'trl-explicit': { ids: [HASH] },
  u2028: { ids: ['ls1'] },
  'ws-response': /^1: responses\[0\]\.text: must not be empty$/,
  'zw-response': /^1: responses\[0\]\.text: must not be empty$/,
  'zwj-multi': /^1: responses\[0\]\.text: must not be empty\n1: responses\[1\]\.text: must not be empty$/,
};

const folder = new URL('fixtures/', import.meta.url);

describe('import files that people had', () => {
  it.each(readdirSync(folder))('%s', async (name) => {
    const { prompts, errors, warnings } = await readImport(readFileSync(new URL(name, folder)));
    const expected = cases[name.replace('.jsonl', '')];
    if (expected instanceof RegExp) {
      expect(errors.map(({ line, reason }) => `${line}: ${translate('en', reason)}`).join('\n')).toMatch(expected);
      return;
    }
    expect(errors).toEqual([]);
    expect(prompts.map(({ prompt }) => prompt.externalId)).toEqual(expected?.ids);
    expect(warnings.map(({ kind }) => kind)).toEqual(expected?.warned ? [expected.warned] : []);
  });
});

const file = (...rows: unknown[]) => new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join('\n'));
const row = (id: string, more: object = {}) => ({
  id,
  prompt: 'Why?',
  responses: [{ text: 'A' }, { text: 'B' }],
  ...more,
});

describe('what is taken and what is said', () => {
  it('null counts as an absent field, and numbers are accepted as names', async () => {
    const { prompts } = await readImport(
      new TextEncoder().encode(
        `${JSON.stringify(row('a', { external_id: null, documents: null, reference_label: null }))}
         {"id":1e3,"prompt":"q","reference_label":-0.50,"responses":[{"id":7,"text":"A","label":1},{"text":"B","source":2}]}`,
      ),
    );
    const [first, second] = prompts;
    expect(first!.prompt).not.toHaveProperty('referenceLabel');
    expect(second!.prompt).toMatchObject({
      externalId: '1e3',
      referenceLabel: '-0.50',
      responses: [
        { id: '7', label: '1', source: 'unknown' },
        { id: 'r2', source: '2' },
      ],
    });
  });

  it('look-alike ids are reported by line, in any normal form', async () => {
    const { warnings } = await readImport(file(row('é 1'), row('e\u0301\u00a01'), row('É１'), row('e1')));
    expect(warnings.map(({ kind, line }) => [kind, line])).toEqual([
      ['similarIds', 2],
      ['similarIds', 3],
    ]);
  });

  it('a prompt of system turns only is told, and one that ends with the assistant', async () => {
    const turn = (role: string) => ({ role, content: 'x' });
    const { warnings } = await readImport(
      file(row('a', { prompt: [turn('system')] }), row('b', { prompt: [turn('user'), turn('assistant')] })),
    );
    expect(warnings.map(({ kind, line }) => [kind, line])).toEqual([
      ['onlySystem', 1],
      ['endsWithAssistant', 2],
    ]);
  });

  it('a file of another format is refused once, a line of one among ours where it stands', async () => {
    const alpaca = { instruction: 'q', output: 'a' };
    expect((await readImport(file(alpaca, alpaca, alpaca))).errors).toHaveLength(1);
    expect((await readImport(file(row('a'), alpaca, row('b'), alpaca))).errors.map(({ line }) => line)).toEqual([2, 4]);
  });
});
