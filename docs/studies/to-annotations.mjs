// node docs/studies/to-annotations.mjs STUDY FILE > ANNOTATIONS.jsonl
// Turns the file of a published study into an export of annotations, which "rescue agreement" reads.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** @typedef {{ id: string, source: string }} Response */
/**
 * One line of an export.
 * @param {string} prompt @param {string} annotator @param {readonly Response[]} responses
 * @param {(response: Response, index: number) => number | null} tierOf null: not judged
 */
const annotation = (prompt, annotator, responses, tierOf) => ({
  prompt,
  annotator: { id: annotator, name: annotator },
  placements: responses.map((response, index) => {
    const tier = tierOf(response, index);
    const state = tier === null ? 'not_judged' : 'placed';
    return { response: response.id, source: response.source, state, tier, tier_name: null };
  }),
});

const ratings = ['yes', 'w_yes', 'w_no', 'no'];

/** Study -> what a row of its file says, as annotations. */
export const studies = {
  /** Three people chose which of five explanations are acceptable: two tiers. */
  'explanations-3-annotators': (row) =>
    row.acceptable.map((chosen, person) =>
      annotation(
        row.id,
        `annotator ${person + 1}`,
        row.sources.map((source, i) => ({ id: `r${i}`, source })),
        (_, i) => (chosen.includes(i) ? 0 : 1),
      ),
    ),
  /**
   * Each explanation was rated by three or more people, who are not named: the first rating of each is taken as that of
   * "rater 1", and so on, which need not be one person. The first three stand for all, so that everyone judged as much.
   */
  'rationale-ratings': (row) =>
    [0, 1, 2].map((place) =>
      annotation(
        row.id,
        `rater ${place + 1}`,
        row.responses.map(({ source }, i) => ({ id: `r${i}`, source })),
        (_, i) => ratings.indexOf(row.responses[i].ratings[place]),
      ),
    ),
  /** Three people compared two answers: 1 or 2 is the better one, 0 a tie. */
  'pairwise-3-annotators': (row) =>
    [1, 2, 3].map((person) =>
      annotation(
        `pair ${row.idx}`,
        `annotator ${person}`,
        row.cmp_key.split('_').map((source, i) => ({ id: `r${i + 1}`, source })),
        (_, i) => (row[`annotator${person}`] === 0 || row[`annotator${person}`] === i + 1 ? 0 : 1),
      ),
    ),
};

/** The annotations of a study's file. @param {keyof typeof studies} study @param {string} file */
export const annotationsOf = (study, file) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => studies[study](JSON.parse(line)));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [study, file] = process.argv.slice(2);
  if (!Object.hasOwn(studies, study ?? '') || file === undefined) {
    console.error(`usage: node docs/studies/to-annotations.mjs ${Object.keys(studies).join('|')} FILE`);
    process.exit(2);
  }
  for (const one of annotationsOf(study, file)) process.stdout.write(`${JSON.stringify(one)}\n`);
}
