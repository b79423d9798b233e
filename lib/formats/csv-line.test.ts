import { describe, expect, it } from 'vitest';
import { csvLine } from './csv-line';

describe('csvLine', () => {
  it('quotes what would end a field, and leaves out what is missing', () => {
    expect(csvLine(['Ada "A", the first\nof all', 0.5])).toBe('"Ada ""A"", the first\nof all",0.5\r\n');
    expect(csvLine(['Bob', null])).toBe('Bob,\r\n');
  });

  it('keeps a spreadsheet from running names, and leaves negative numbers alone', () => {
    expect(csvLine(['=1+1', '@x', '+y', '-z', -0.5])).toBe("'=1+1,'@x,'+y,'-z,-0.5\r\n");
  });
});
