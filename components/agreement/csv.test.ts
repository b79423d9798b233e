import { describe, expect, it } from 'vitest';
import { toCsv } from './csv';

describe('toCsv', () => {
  it('quotes what would end a field, and leaves out what is missing', () => {
    expect(
      toCsv([
        ['name', 'tau'],
        ['Ada "A", the first\nof all', 0.5],
        ['Bob', null],
      ]),
    ).toBe('\ufeffname,tau\r\n"Ada ""A"", the first\nof all",0.5\r\nBob,\r\n');
  });

  it('keeps a spreadsheet from running names, and leaves negative numbers alone', () => {
    expect(toCsv([['=1+1', '@x', '+y', '-z', -0.5]])).toBe("\ufeff'=1+1,'@x,'+y,'-z,-0.5\r\n");
  });
});
