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
