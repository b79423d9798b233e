import type { SnapshotHeader } from '@/lib/schemas/snapshot';

export type Strategy = SnapshotHeader['strategy'];

interface StrategyWords {
  readonly name: string;
  /** What the strategy does to a prompt that nobody has annotated yet. */
  readonly explanation: string;
}

/** In the order in which they are offered. Annotated tiers come first in every one of them. */
export const strategyWords: Readonly<Record<Strategy, StrategyWords>> = {
  annotations: {
    name: 'Annotations only',
    explanation: 'Takes the prompts that people have sorted into tiers, and leaves the others out.',
  },
  hybrid: {
    name: 'Fill up: human, then right label, then wrong',
    explanation:
      'Prompts without annotations are ordered by rule: the human response first, then responses with the right label, then the others.',
  },
  label: {
    name: 'Fill up: right label over wrong',
    explanation:
      'Prompts without annotations put every response whose label equals the reference label above the others.',
  },
  human: {
    name: 'Fill up: human over models',
    explanation: 'Prompts without annotations put the human response above every model’s response.',
  },
  full: {
    name: 'Fill up: by similarity to the human response',
    explanation: 'Prompts without annotations order all responses by how close their words are to the human response.',
  },
};

export const strategies = Object.keys(strategyWords) as Strategy[];
