/** Formats dates, numbers and sizes in one language. `locale` is a tag that Intl accepts. */
export type Formats = {
  /** "Nov 23, 2026" of an ISO time, in the reader's time zone. Browser only (the server's zone may differ). */
  formatDate: (time: string) => string;
  /** "Nov 23, 2026, 2:05 PM". */
  formatDateTime: (time: string) => string;
  /** "Nov 23" of a calendar day such as 2026-11-23, whatever the time zone. */
  formatDay: (day: string) => string;
  /** "12,345". */
  formatNumber: (value: number, options?: Intl.NumberFormatOptions) => string;
  /** 0.612 as "61 %", or with one decimal as "61.2 %". */
  formatPercent: (share: number, decimals?: number) => string;
  /** "[55.0, 67.1]": an interval of shares in percent, without line breaks. */
  formatInterval: (interval: readonly [number, number]) => string;
  /** "3 min 24 s", the two largest units. */
  formatDuration: (milliseconds: number) => string;
  /** "Portuguese (Brazil)" of a language tag such as pt-br; the tag itself where it has no name. */
  formatLanguage: (tag: string) => string;
  /** "5.4 MiB": memory and files, in powers of two. */
  bytesInWords: (bytes: number) => string;
};

const cache = new Map<string, Formats>();

export function formatsOf(locale: string): Formats {
  let formats = cache.get(locale);
  if (!formats) {
    formats = makeFormats(locale);
    cache.set(locale, formats);
  }
  return formats;
}

function makeFormats(locale: string): Formats {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const language = new Intl.DisplayNames([locale], { type: 'language', languageDisplay: 'standard' });
  const number = new Intl.NumberFormat(locale);
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  // Digits are Latin in every language, so a number with its sign is isolated in right-to-left text.
  const isolated = (text: string) => (locale.startsWith('ar') ? `\u2066${text}\u2069` : text);
  const inPercent = (share: number, decimals: number) => (share * 100).toFixed(decimals);
  return {
    formatDate: (time) => date.format(new Date(time)),
    formatDateTime: (time) => dateTime.format(new Date(time)),
    formatDay: (isoDay) => day.format(new Date(isoDay)),
    formatNumber: (value, options) => (options ? new Intl.NumberFormat(locale, options) : number).format(value),
    formatPercent: (share, decimals = 0) => isolated(`${inPercent(share, decimals)}\u00a0%`),
    formatInterval: ([low, high]) => isolated(`[${inPercent(low, 1)},\u00a0${inPercent(high, 1)}]`),
    formatDuration: (milliseconds) => {
      const seconds = Math.round(milliseconds / 1000);
      const parts = { hour: Math.floor(seconds / 3600), minute: Math.floor(seconds / 60) % 60, second: seconds % 60 };
      const units = (['hour', 'minute', 'second'] as const).filter((unit) => parts[unit] > 0);
      return (units.length > 0 ? units.slice(0, 2) : (['second'] as const))
        .map((unit) => new Intl.NumberFormat(locale, { style: 'unit', unit }).format(parts[unit]))
        .join(' ');
    },
    formatLanguage: (tag) => {
      try {
        return language.of(tag) ?? tag;
      } catch {
        // A file may have a tag that has the form of one and is none.
        return tag;
      }
    },
    bytesInWords: (bytes) => {
      const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
      const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
      const value = bytes / 2 ** (10 * step);
      const text = `${step === 0 || value >= 100 ? number.format(Math.round(value)) : short.format(value)} ${units[step]}`;
      return isolated(text);
    },
  };
}
