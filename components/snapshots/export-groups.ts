import type { ExportFormat } from '@/lib/schemas/export';

type ExportGroup = { readonly formats: readonly ExportFormat[] } & (
  | { readonly trainer: string }
  /** A key of `snapshots.export.groups`. */
  | { readonly purpose: 'any' | 'people' }
);

/** The formats by the trainer that they are for, or by what they are for. */
export const exportGroups: readonly ExportGroup[] = [
  { trainer: 'TRL', formats: ['trl-conversational', 'trl-explicit', 'trl-implicit', 'trl-kto'] },
  { trainer: 'LLaMA-Factory', formats: ['llama-factory-sharegpt', 'llama-factory-alpaca', 'llama-factory-kto'] },
  {
    trainer: 'Axolotl',
    formats: ['axolotl-chat-template', 'axolotl-intel', 'axolotl-argilla', 'axolotl-nectar', 'axolotl-reward'],
  },
  { trainer: 'OpenRLHF', formats: ['open-rlhf', 'open-rlhf-implicit'] },
  { trainer: 'verl', formats: ['verl-reward', 'verl-rl'] },
  { trainer: 'ms-swift', formats: ['ms-swift', 'ms-swift-reward', 'ms-swift-kto'] },
  { trainer: 'NeMo-RL', formats: ['nemo-rl'] },
  { trainer: 'RRHF, RRescue', formats: ['rrhf'] },
  { purpose: 'any', formats: ['parquet', 'csv', 'listwise'] },
  { purpose: 'people', formats: ['ledger', 'votes'] },
];

/** Formats that everybody calls by the same name; the others have theirs in `snapshots.export.formatNames`. */
const properNames = {
  'trl-kto': 'KTO',
  'llama-factory-kto': 'KTO',
  'ms-swift-kto': 'KTO',
  'axolotl-chat-template': 'chat_template.default',
  'axolotl-intel': 'chatml.intel',
  'axolotl-argilla': 'chatml.argilla',
  'axolotl-nectar': 'zephyr.nectar',
  csv: 'CSV',
} as const satisfies Partial<Record<ExportFormat, string>>;
type NamedInWords = Exclude<ExportFormat, keyof typeof properNames>;

export const formatName = (format: ExportFormat, inWords: (format: NamedInWords) => string): string =>
  format in properNames ? properNames[format as keyof typeof properNames] : inWords(format as NamedInWords);
