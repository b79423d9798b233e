/** What a kit measured: tables for people, and the same as JSON. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Cell = string | number | null;

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const text = (cell: Cell) =>
  cell === null ? '' : typeof cell === 'string' ? cell : cell.toFixed(cell < 10 ? 2 : cell < 100 ? 1 : 0);

export function toMarkdown({ title, head, rows }: Table): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map(text).join(' | ')} |`;
  return [`## ${title}`, '', line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line), ''].join('\n');
}

/** Prints each table as soon as it is there, and writes all of them after every one: a run may be cut short. */
export class Report {
  readonly tables: Table[] = [];

  /** `name`: of the files, without what follows the dot. */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly device: string,
  ) {}

  async add(table: Table): Promise<void> {
    this.tables.push(table);
    console.log(toMarkdown(table));
    const markdown = [`# ${this.device}\n`, ...this.tables.map(toMarkdown)].join('\n');
    const json = JSON.stringify({ device: this.device, tables: this.tables }, null, 1);
    await writeFile(join(this.folder, `${this.name}.md`), markdown);
    await writeFile(join(this.folder, `${this.name}.json`), json);
  }
}
