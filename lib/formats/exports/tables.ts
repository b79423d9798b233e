/** Pairs as a table, for spreadsheets (CSV) and for the Hugging Face hub (Parquet). */
import { extraColumns } from '../../schemas/export';
import type { Exporter } from './exporter';
import { trlConversational, trlExplicit } from './trl';

export const csvPairs: Exporter = {
  unit: 'pair',
  container: 'csv',
  columns: extraColumns,
  defaults: ['prompt_id', 'sources', 'margin', 'support'],
  fields: trlExplicit.fields,
  rows: trlExplicit.rows,
  usage: () =>
    'Any spreadsheet, R or pandas reads it. A text that a spreadsheet would take for a formula has an apostrophe before it, which is not part of the data; take JSON Lines or Parquet where every character counts.',
};

/** The layout that the hub knows: data/SPLIT-00000-of-00001.parquet, and a card with the splits. */
export const hubParquet: Exporter = {
  unit: 'pair',
  container: 'parquet',
  columns: extraColumns,
  defaults: ['prompt_id', 'sources', 'margin', 'support'],
  fields: trlConversational.fields,
  rows: trlConversational.rows,
  path: (split) => `data/${split}-00000-of-00001.parquet`,
  usage: () => `\`\`\`bash
hf upload YOUR_NAME/YOUR_DATASET . . --repo-type dataset
\`\`\`

then \`load_dataset("YOUR_NAME/YOUR_DATASET")\`; or at once, without the hub: \`load_dataset(".")\`. This README is the data set's card.`,
};
