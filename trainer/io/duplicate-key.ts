/**
 * The first key that occurs twice in one object of valid JSON text, with the object's depth (1 = outermost).
 * JSON.parse silently keeps the last one, which would let a file say two things at once.
 */
export function duplicateKey(json: string): { key: string; depth: number } | null {
  const open: (Set<string> | null)[] = [];
  let expectKey = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === '"') {
      const end = closingQuote(json, i);
      const keys = open.at(-1);
      if (keys && expectKey) {
        const key = JSON.parse(json.slice(i, end + 1)) as string;
        if (keys.has(key)) return { key, depth: open.length };
        keys.add(key);
        expectKey = false;
      }
      i = end;
    } else if (character === '{') {
      open.push(new Set());
      expectKey = true;
    } else if (character === '[') {
      open.push(null);
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === ',') {
      expectKey = true;
    }
  }
  return null;
}

function closingQuote(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i;
}
