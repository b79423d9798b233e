import { readdirSync } from 'node:fs';

/** The source files of pages and messages, without tests. */
export function sourceFiles(...endings: string[]): string[] {
  return sourcesIn(['app', 'components', 'lib/i18n'], ...endings);
}

export function sourcesIn(folders: readonly string[], ...endings: string[]): string[] {
  const wanted = endings.length > 0 ? endings : ['.ts', '.tsx'];
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => wanted.some((ending) => path.endsWith(ending)) && !/\.test\.tsx?$|testing-/.test(path))
      .map((path) => `${folder}/${path}`),
  );
}
