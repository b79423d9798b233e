/** All formats that a snapshot is exported in. A new one is an entry here and in lib/schemas/export.ts, with its words in messages. */
import type { ExportFormat } from '../../schemas/export';
import { axolotlArgilla, axolotlChatTemplate, axolotlIntel, axolotlNectar, axolotlReward } from './axolotl';
import type { Exporter } from './exporter';
import { listwiseRanks, rrhf } from './listwise';
import { llamaFactoryAlpaca, llamaFactoryKto, llamaFactoryShareGpt } from './llama-factory';
import { msSwift, msSwiftKto, msSwiftReward } from './ms-swift';
import { nemoRl } from './nemo-rl';
import { openRlhf, openRlhfImplicit } from './open-rlhf';
import { csvPairs, hubParquet } from './tables';
import { trlConversational, trlExplicit, trlImplicit, trlKto } from './trl';
import { verlReward, verlRl } from './verl';
import { ledger, votes } from './votes';

export const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  'trl-conversational': trlConversational,
  'trl-explicit': trlExplicit,
  'trl-implicit': trlImplicit,
  'trl-kto': trlKto,
  'llama-factory-alpaca': llamaFactoryAlpaca,
  'llama-factory-sharegpt': llamaFactoryShareGpt,
  'llama-factory-kto': llamaFactoryKto,
  'axolotl-chat-template': axolotlChatTemplate,
  'axolotl-intel': axolotlIntel,
  'axolotl-argilla': axolotlArgilla,
  'axolotl-nectar': axolotlNectar,
  'axolotl-reward': axolotlReward,
  'open-rlhf': openRlhf,
  'open-rlhf-implicit': openRlhfImplicit,
  'verl-rl': verlRl,
  'verl-reward': verlReward,
  'ms-swift': msSwift,
  'ms-swift-reward': msSwiftReward,
  'ms-swift-kto': msSwiftKto,
  'nemo-rl': nemoRl,
  rrhf,
  listwise: listwiseRanks,
  csv: csvPairs,
  parquet: hubParquet,
  ledger,
  votes,
};
