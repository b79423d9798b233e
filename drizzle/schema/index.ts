/**
 * The whole database, one Postgres dialect for PGlite and PostgreSQL.
 * Invariants: annotations are append-only versions; snapshots never change after insert;
 * a run's metrics are keyed by step so that a repeated report changes nothing.
 */
export * from './accounts';
export * from './agreement-reports';
export * from './annotation-counts';
export * from './annotations';
export * from './api-keys';
export * from './assignments';
export * from './audit';
export * from './column-mappings';
export * from './contributions';
export * from './creations';
export * from './decisions';
export * from './drafts';
export * from './gold';
export * from './guidelines';
export * from './imported-annotators';
export * from './invites';
export * from './jobs';
export * from './judgement-models';
export * from './models';
export * from './projects';
export * from './prompt-marks';
export * from './prompts';
export * from './runs';
export * from './snapshots';
export * from './uploads';
export * from './webhooks';
