/** How far annotators agree on tiers: with ties, and with gaps where somebody did not judge. */
export { type AgreementIntervals, namedFigures, pairKey } from './bootstrap';
export { ProjectAgreement } from './project-agreement';
export { type PromptAgreement, promptAgreement, type TimedOrder } from './prompt-agreement';
