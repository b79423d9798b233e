/** Language tags as people write them in one line: between commas, whichever their script has, or spaces. */
export const writtenLanguages = (text: string): string[] => [
  ...new Set(
    text
      .toLowerCase()
      .split(/[\s,;،、]+/)
      .filter((tag) => tag !== ''),
  ),
];
