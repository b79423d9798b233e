/** Dates, numbers and sizes as the readers of one language write them. `locale` is a tag that Intl takes. */
export type Formats = {
  /** "Nov 23, 2026" of an ISO time, in the reader's time zone. Browser only (the server's zone may differ). */
  formatDate: (time: string) => string;
  /** "Nov 23, 2026, 2:05 PM". */
  formatDateTime: (time: string) => string;
  /** "12,345". */
  formatNumber: (value: number, options?: Intl.NumberFormatOptions) => string;
  /** "5.4 MiB": memory and files, in powers of two. */
  bytesInWords: (bytes: number) => string;
};

const made = new Map<string, Formats>();

export function formatsOf(locale: string): Formats {
  let formats = made.get(locale);
  if (!formats) {
    formats = makeFormats(locale);
    made.set(locale, formats);
  }
  return formats;
}

function makeFormats(locale: string): Formats {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const number = new Intl.NumberFormat(locale);
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  return {
    formatDate: (time) => date.format(new Date(time)),
    formatDateTime: (time) => dateTime.format(new Date(time)),
    formatNumber: (value, options) => (options ? new Intl.NumberFormat(locale, options) : number).format(value),
    bytesInWords: (bytes) => {
      const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
      const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
      const value = bytes / 2 ** (10 * step);
      const text = `${step === 0 || value >= 100 ? number.format(Math.round(value)) : short.format(value)} ${units[step]}`;
      // Isolated: in a text from right to left the unit would jump before its number.
      return locale.startsWith('ar') ? `\u2066${text}\u2069` : text;
    },
  };
}
