import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

/** A regular expression in the sources; `source` is null when it depends on values that are only known at run time. */
export type Pattern = { file: string; line: number; code: string; source: string | null; flags: string };

type Node = { type: string; start: number; end: number; [key: string]: unknown };

const FOLDERS = ['app', 'cli', 'components', 'lib', 'trainer'];

/**
 * All patterns in the product's sources. Tests and benches are left out, since they process no text by other people.
 */
export function projectPatterns(): Pattern[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
    .filter(
      (file) =>
        /\.tsx?$/.test(file) && !/\.test(?:-support)?\.tsx?$|\/(?:assembly|bench|fixtures|contract-)/.test(file),
    )
    .flatMap((file) => patternsIn(readFileSync(file, 'utf8'), file));
}

/** A file's regular expression literals and the arguments of its `new RegExp` calls. */
export function patternsIn(code: string, file: string): Pattern[] {
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const patterns: Pattern[] = [];
  const constants = new Map<string, Node>();
  const add = (node: Node, source: string | null, flags: string) =>
    patterns.push({
      file,
      line: code.slice(0, node.start).split('\n').length,
      code: code.slice(node.start, node.end),
      source,
      flags,
    });
  const visit = (node: Node) => {
    if (node.type === 'VariableDeclarator' && (node.id as Node).type === 'Identifier' && node.init) {
      constants.set((node.id as Node).name as string, node.init as Node);
    }
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex) add(node, regex.pattern, regex.flags);
    const isRegExp = (node.callee as Node | undefined)?.name === 'RegExp';
    if (isRegExp && (node.type === 'NewExpression' || node.type === 'CallExpression')) {
      const [source, flags] = node.arguments as Node[];
      add(node, source ? staticText(source, constants) : '', (flags && staticText(flags, constants)) ?? '');
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child && typeof child === 'object' && 'type' in child) visit(child as Node);
      }
    }
  };
  visit(program as unknown as Node);
  return patterns;
}

/** An expression's text if it can be computed statically: strings, templates, sums of them, and constants above. */
function staticText(node: Node, constants: ReadonlyMap<string, Node>): string | null {
  const all = (nodes: Node[]) => {
    const values = nodes.map((each) => staticText(each, constants));
    return values.includes(null) ? null : (values as string[]);
  };
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : null;
    case 'Identifier': {
      const constant = constants.get(node.name as string);
      return constant ? staticText(constant, constants) : null;
    }
    case 'BinaryExpression':
      return node.operator === '+' ? (all([node.left as Node, node.right as Node])?.join('') ?? null) : null;
    case 'TemplateLiteral':
      return template(node, 'cooked', all);
    case 'TaggedTemplateExpression':
      return template(node.quasi as Node, 'raw', all);
    default:
      return null;
  }
}

function template(node: Node, reading: 'cooked' | 'raw', all: (nodes: Node[]) => string[] | null): string | null {
  const values = all(node.expressions as Node[]);
  const texts = (node.quasis as { value: { cooked: string; raw: string } }[]).map(({ value }) => value[reading]);
  return values && texts.map((text, i) => text + (values[i] ?? '')).join('');
}
