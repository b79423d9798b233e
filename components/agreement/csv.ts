export type CsvCell = string | number | null;

/**
 * Rows as CSV (RFC 4180, with a byte order mark, by which spreadsheets know UTF-8). A text that a spreadsheet would run
 * as a formula gets an apostrophe before it.
 */
export const toCsv = (rows: readonly (readonly CsvCell[])[]): string =>
  `\ufeff${rows.map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;

function field(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
