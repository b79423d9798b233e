const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const dateTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const number = new Intl.NumberFormat('en');

/** "Nov 23, 2026" of an ISO time, in the reader's time zone. Browser only (the server's zone may differ). */
export function formatDate(time: string): string {
  return date.format(new Date(time));
}

/** "Nov 23, 2026, 2:05 PM". */
export function formatDateTime(time: string): string {
  return dateTime.format(new Date(time));
}

/** "12,345". */
export function formatNumber(value: number): string {
  return number.format(value);
}

/** "1 prompt", "2 prompts", "1,204 prompts". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}

/** "5.4 MiB": memory and files, in powers of two. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 2 ** (10 * step);
  return `${step === 0 ? number.format(bytes) : value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}
