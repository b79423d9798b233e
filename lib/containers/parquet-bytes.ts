import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Field, FieldType, Row } from '@/lib/formats/exports/exporter';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** A row group ends with so many rows, or so many characters of them: what is in memory is one group. */
const GROUP_ROWS = 5000;
const GROUP_CHARS = 8 * 1024 * 1024;

/** A Parquet file of these rows, compressed with Snappy; one row group is made at a time. */
export async function* parquetBytes(
  fields: readonly Field[],
  rows: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const parquet = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: 'root', num_children: fields.length },
      ...fields.flatMap(({ name, type }) => elements(name, type)),
    ],
    createdBy: 'rescue-studio',
  });
  let group: Row[] = [];
  let chars = 0;
  const writeGroup = () => {
    const columnData = fields.map(({ name }) => ({ name, data: group.map((row) => row[name]) }));
    parquet.write({ columnData, rowGroupSize: group.length });
    group = [];
    chars = 0;
    return take(bytes);
  };
  for await (const some of rows) {
    for (const row of some) {
      group.push(row);
      chars += charsOf(row);
      if (group.length >= GROUP_ROWS || chars >= GROUP_CHARS) yield writeGroup();
    }
  }
  if (group.length > 0) yield writeGroup();
  parquet.finish();
  yield take(bytes);
}

/** What was written so far, which the writer then forgets; its count of all bytes goes on. */
function take(bytes: ByteWriter): Uint8Array {
  const taken = bytes.getBytes().slice();
  bytes.index = 0;
  return taken;
}

function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + charsOf(part), 0);
}

const primitives: Readonly<Record<Extract<FieldType, string>, Partial<SchemaElement>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT32' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
};

/** A column's part of the schema: the three levels of a list, the fields of a struct. */
function elements(name: string, type: FieldType): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  if (typeof type === 'string') return [{ ...optional, ...primitives[type] }];
  if ('list' in type) {
    return [
      { ...optional, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elements('element', type.list),
    ];
  }
  const parts = Object.entries(type.struct);
  return [{ ...optional, num_children: parts.length }, ...parts.flatMap(([part, of]) => elements(part, of))];
}
