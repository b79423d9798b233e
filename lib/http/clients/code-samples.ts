/**
 * A program for each operation in curl, Python and TypeScript, made from what the document says of it. They are whole:
 * addresses, keys and ids come from the environment, where a test puts those of a real server.
 */
import type { CodeSample, DescribedOperation, Parameter } from '@/lib/schemas/open-api';
import { quoted } from './json-types';
import { snake } from './python-client';

export const codeSamples = (operation: DescribedOperation): CodeSample[] => [
  { lang: 'Shell', label: 'curl', source: curl(operation) },
  { lang: 'Python', label: 'Python', source: python(operation) },
  { lang: 'TypeScript', label: 'TypeScript', source: typescript(operation) },
];

/** The environment's variable with the value of a parameter: projectId is in PROJECT_ID. */
export const variableOf = (name: string): string => snake(name).toUpperCase();

/** The parameters of an example: those that are needed, and those that it has a value for. */
const given = ({ parameters }: DescribedOperation) =>
  parameters.filter(({ required, example }) => required || example !== undefined);
const hasValue = ({ example }: Parameter) => example !== undefined;

const shellQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function curl(operation: DescribedOperation): string {
  const { method, path, body, bodyExample, answerFile } = operation;
  const some = (place: Parameter['in']) => given(operation).filter((parameter) => parameter.in === place);
  const query = some('query').map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`);
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => `$${variableOf(name)}`);
  const isImplied = method === (body === null ? 'GET' : 'POST');
  const options = [
    '-H "Authorization: Bearer $RESCUE_API_KEY"',
    ...some('header').map((header) =>
      hasValue(header)
        ? `-H ${shellQuoted(`${header.name}: ${header.example}`)}`
        : `-H "${header.name}: $${variableOf(header.name)}"`,
    ),
    ...(body === 'file' ? ["-H 'Content-Type: application/octet-stream'", `--data-binary @${bodyExample}`] : []),
    ...(body !== null && body !== 'file' ? [`--json ${shellQuoted(JSON.stringify(bodyExample))}`] : []),
    ...(answerFile === null ? [] : [`--output ${answerFile}`]),
  ];
  const asked = `${address}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  return [
    `curl --fail-with-body ${isImplied ? '' : `-X ${method} `}"$RESCUE_SERVER/api/v1${asked}"`,
    ...options.map((option) => `  ${option}`),
  ].join(' \\\n');
}

function python(operation: DescribedOperation): string {
  const { id, body, bodyExample, answer, answerFile } = operation;
  const value = (parameter: Parameter) =>
    hasValue(parameter) ? pythonLiteral(parameter.example) : `os.environ["${variableOf(parameter.name)}"]`;
  const inPath = given(operation).filter((parameter) => parameter.in === 'path');
  const others = given(operation).filter((parameter) => parameter.in !== 'path');
  const args = [
    ...inPath.map(value),
    ...(body === null ? [] : [body === 'file' ? 'file.read()' : pythonLiteral(bodyExample)]),
    ...others.map((parameter) => `${snake(parameter.name)}=${value(parameter)}`),
  ];
  const line = args.join(', ');
  const indent = body === 'file' ? '    ' : '';
  const call = `rescue.${snake(id)}(${line.length > 70 ? `\n${args.map((one) => `${indent}    ${one},\n`).join('')}${indent}` : line})`;
  const asked = answer === 'nothing' ? call : `answer = ${call}`;
  return [
    'import os',
    'from rescue_studio import RescueStudio',
    '',
    'rescue = RescueStudio(os.environ["RESCUE_SERVER"], os.environ["RESCUE_API_KEY"])',
    ...(body === 'file' ? [`with open("${bodyExample}", "rb") as file:`, `    ${asked}`] : [asked]),
    ...(answer === 'file' ? [`with open("${answerFile}", "wb") as out:`, '    out.writelines(answer)'] : []),
    ...(answer === 'file' || answer === 'nothing' ? [] : ['print(answer)']),
  ].join('\n');
}

function pythonLiteral(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value!)
    .map(([key, part]) => `${JSON.stringify(key)}: ${pythonLiteral(part)}`)
    .join(', ')}}`;
}

function typescript(operation: DescribedOperation): string {
  const { id, body, bodyExample, answer, answerFile } = operation;
  const files = [...(body === 'file' ? ['readFile'] : []), ...(answer === 'file' ? ['writeFile'] : [])];
  const fields = [
    ...given(operation).map((parameter) => {
      const value = hasValue(parameter)
        ? typescriptLiteral(parameter.example)
        : `process.env.${variableOf(parameter.name)}!`;
      return `${quoted(parameter.name)}: ${value}`;
    }),
    ...(body === null
      ? []
      : [`body: ${body === 'file' ? `await readFile('${bodyExample}')` : typescriptLiteral(bodyExample)}`]),
  ];
  const line = fields.length === 0 ? '' : `{ ${fields.join(', ')} }`;
  const args = line.length > 60 ? `{\n${fields.map((field) => `  ${field},\n`).join('')}}` : line;
  const call = `await rescue.${id}(${args});`;
  return [
    ...(files.length > 0 ? [`import { ${files.join(', ')} } from 'node:fs/promises';`] : []),
    `import { RescueStudio } from './rescue-studio';`,
    '',
    'const rescue = new RescueStudio(process.env.RESCUE_SERVER!, process.env.RESCUE_API_KEY);',
    answer === 'nothing' ? call : `const answer = ${call}`,
    ...(answer === 'file' ? [`await writeFile('${answerFile}', answer.body!);`] : []),
    ...(answer === 'file' || answer === 'nothing' ? [] : ['console.log(answer);']),
  ].join('\n');
}

function typescriptLiteral(value: unknown): string {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(typescriptLiteral).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, part]) => `${quoted(key)}: ${typescriptLiteral(part)}`)
    .join(', ')} }`;
}
