/**
 * The line on which each of very many names first stands, in some twenty bytes a name: of a name it keeps 64 bits of a
 * hash. That two of a million names share these, so that one is taken for the other, happens once in 30 million files;
 * the seed is another each time, so nobody can make a file to which it happens.
 */
export class LineIndex {
  private readonly seeds = crypto.getRandomValues(new Uint32Array(2));
  private slots = new Uint32Array(3 * 1024);
  private count = 0;

  /** @returns the line of the name's first occurrence; undefined where this is the first, which is noted */
  firstLine(name: string, line: number): number | undefined {
    const [high, low] = this.hash(name);
    const at = this.find(high, low);
    const known = this.slots[at + 2]!;
    if (known !== 0) return known;
    this.slots.set([high, low, line], at);
    if (++this.count * 3 > (this.slots.length / 3) * 2) this.grow();
    return undefined;
  }

  /** Where the name is, or where it would be. */
  private find(high: number, low: number): number {
    const { slots } = this;
    const capacity = slots.length / 3;
    let at = (high & (capacity - 1)) * 3;
    while (slots[at + 2] !== 0 && (slots[at] !== high || slots[at + 1] !== low)) at = (at + 3) % slots.length;
    return at;
  }

  private grow(): void {
    const before = this.slots;
    this.slots = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 3) {
      const slot = before.subarray(at, at + 3);
      if (slot[2] !== 0) this.slots.set(slot, this.find(slot[0]!, slot[1]!));
    }
  }

  /** Two chains of multiplications that stir one another at the end, over UTF-16 code units. */
  private hash(text: string): [number, number] {
    let a = this.seeds[0]!;
    let b = this.seeds[1]!;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x9e3779b1);
      b = Math.imul(b ^ unit, 0x5f356495);
      a ^= a >>> 15;
      b ^= b >>> 13;
    }
    const high = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
    const low = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    return [(high ^ (high >>> 14)) >>> 0, (low ^ (low >>> 14)) >>> 0];
  }
}
