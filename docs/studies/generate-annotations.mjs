// node docs/studies/generate-annotations.mjs MIX [SEED] > ANNOTATIONS.jsonl
// An export of annotations by made-up people of known reliability, which "rescue replay" reads.
import { pathToFileURL } from 'node:url';

/** @typedef {{ people: number[], overlap: number, tiers: number, responses: number, prompts: number, hard: number }} Mix */
/**
 * People by how probably each gives a response its true tier (else a neighbour's); `hard` is the share of responses that
 * lie between two tiers, of which everybody takes either.
 * @type {Readonly<Record<string, Mix>>}
 */
export const mixes = {
  experts: { people: [0.97, 0.96, 0.95, 0.95, 0.94, 0.93], overlap: 5, tiers: 4, responses: 4, prompts: 600, hard: 0 },
  trained: {
    people: [0.92, 0.9, 0.9, 0.88, 0.87, 0.85, 0.85, 0.82],
    overlap: 5,
    tiers: 4,
    responses: 4,
    prompts: 600,
    hard: 0.1,
  },
  mixed: {
    people: [0.97, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5],
    overlap: 5,
    tiers: 3,
    responses: 5,
    prompts: 600,
    hard: 0.1,
  },
  crowd: {
    people: [0.8, 0.78, 0.75, 0.72, 0.7, 0.68, 0.65, 0.6, 0.55, 0.5],
    overlap: 5,
    tiers: 3,
    responses: 5,
    prompts: 600,
    hard: 0.1,
  },
};

/** @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** @param {Mix} mix @param {number} seed */
export function annotationsOf({ people, overlap, tiers, responses, prompts, hard }, seed = 1) {
  const draw = random(seed);
  const below = (/** @type {number} */ limit) => Math.floor(draw() * limit);
  return Array.from({ length: prompts }, (_, prompt) => {
    const truth = Array.from({ length: responses }, () => (draw() < hard ? below(tiers - 1) + 0.5 : below(tiers)));
    const left = [...people.keys()];
    return Array.from({ length: overlap }, () => {
      const person = left.splice(below(left.length), 1)[0];
      const given = truth.map((tier) => {
        if (tier % 1 !== 0) return tier + (draw() < 0.5 ? -0.5 : 0.5);
        if (draw() < people[person]) return tier;
        const near = [tier - 1, tier + 1].filter((other) => other >= 0 && other < tiers);
        return near[below(near.length)];
      });
      return {
        prompt: `p${prompt}`,
        annotator: { id: `person ${person + 1}`, name: `person ${person + 1}` },
        placements: given.map((tier, i) => ({
          response: `r${i}`,
          source: 'made-up',
          state: 'placed',
          tier,
          tier_name: null,
        })),
      };
    });
  }).flat();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [mix, seed] = process.argv.slice(2);
  if (!Object.hasOwn(mixes, mix ?? '')) {
    console.error(`usage: node docs/studies/generate-annotations.mjs ${Object.keys(mixes).join('|')} [SEED]`);
    process.exit(2);
  }
  for (const one of annotationsOf(mixes[mix], Number(seed ?? 1))) process.stdout.write(`${JSON.stringify(one)}\n`);
}
