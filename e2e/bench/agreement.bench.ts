/**
 * npm run bench agreement: agreement and consensus of 100,000 annotations, 3 a prompt by 20 annotators. A server keeps each
 * prompt's part, so that after a change all that follows is made from parts.
 */
import { ProjectAgreement, promptAgreement } from '../../lib/ranking/agreement';
import { dawidSkene } from '../../lib/ranking/dawid-skene';
import { kemeny } from '../../lib/ranking/kemeny';
import { sourceOutcomes, sourceStrengths } from '../../lib/ranking/source-strengths';
import { timed } from '../../trainer/bench/timing';
import { seededRandom } from '../../trainer/data/seeded-random';

const PROMPTS = 33_334;
const random = seededRandom(1);
const whole = (below: number) => Math.floor(random() * below);
const prompts = Array.from({ length: PROMPTS }, () => {
  const truth = Array.from({ length: 5 }, () => whole(4));
  const start = whole(20);
  return [0, 7, 13].map((step, i) => ({
    annotator: `annotator-${(start + step) % 20}`,
    order: new Map(
      truth.flatMap((tier, r) => (random() < 0.05 ? [] : [[`r${r}`, random() < 0.7 ? tier : whole(4)] as const])),
    ),
    at: i,
  }));
});

const project = new ProjectAgreement(4);
const say = async (what: string, work: () => void) => {
  const { wallMs, cpuMs } = await timed(work);
  console.log(`${what.padEnd(44)} ${wallMs.toFixed(1).padStart(9)} ms (CPU ${cpuMs.toFixed(1)})`);
};
console.log(`Agreement of ${PROMPTS * 3} annotations on ${PROMPTS} prompts`);
const figures = () => {
  project.figures();
  project.pairs();
  project.annotators();
  project.overTime((time) => String(time));
};
const parts: string[] = [];
await say("each prompt's part, as JSON keeps it", () => {
  for (const judgements of prompts) parts.push(JSON.stringify(promptAgreement(judgements, 4)));
});
await say('all figures from these parts', () => {
  for (const part of parts) project.add(JSON.parse(part));
  figures();
});
await say('intervals of everything, 1,000 resamples', () => void project.intervals({ seed: 1, resamples: 1000 }));

const ids = ['r0', 'r1', 'r2', 'r3', 'r4'];
await say('median orders of all prompts', () => prompts.forEach((judgements) => void kemeny(ids, judgements)));
const sourceOf = new Map(ids.map((id, i) => [id, `model ${i}`]));
await say('strengths of 5 sources, 1,000 resamples', () => {
  sourceStrengths(
    prompts.map((judgements) => sourceOutcomes({ orders: judgements.map(({ order }) => order), sourceOf })),
    { seed: 1, resamples: 1000 },
  );
});
const tiers = prompts.flatMap((judgements, i) =>
  judgements.flatMap(({ annotator, order }) =>
    [...order].map(([id, tier]) => ({ item: `${i} ${id}`, annotator, tier })),
  ),
);
await say(`reliability from ${tiers.length} tiers`, () => void dawidSkene(tiers, 4));
