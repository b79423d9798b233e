/**
 * The public API of the trainer, for Node and for a Web Worker. Everything else in this folder is internal; parts that
 * need Node (model folders, the command line) are imported from io/ and cli/.
 */

export { type Backend, DeviceLostError, OutOfMemoryError } from './backends/backend';
export { createBackend } from './backends/create-backend';
export { createReferenceBackend } from './backends/reference/reference-backend';
export { type DeviceSurvey, surveyDevice } from './backends/survey-device';
export { inEnglish } from './contract/english';
export type { Message } from './contract/message';
export type { SnapshotRecord } from './contract/record';
export type { Accuracy, MemoryEstimate, RunEvent } from './contract/run-event';
export type { TrainConfig } from './contract/train-config';
export { resolveContradictions } from './data/contradictions';
export type { EncodedPrompt } from './data/encoded-prompt';
export { type Packing, packPrompts } from './data/pack';
export { type Generation, generate, generateBatch } from './infer/generate';
export { newResponses } from './infer/new-responses';
export { describeAccuracy, pairwiseAccuracy } from './infer/pairwise-accuracy';
export { sampleResponses } from './infer/sample-responses';
export { defaultLengthExponents, type LengthExponents, type ResponseScore, scoreRecords } from './infer/score-records';
export { type CheckedModel, checkModel, type PeekableSource } from './io/check-model';
export { fileAddress, type HubAddress, HubError, parseHubAddress } from './io/hub-address';
export { type DownloadProgress, downloadModel, folderInStore, isWholeInStore } from './io/hub-download';
export { hubSource, openHubFolder } from './io/hub-source';
export {
  type FileSource,
  type NamedFile,
  readModelFiles,
  readModelText,
  readUnchangedText,
  storeSource,
} from './io/model-files';
export type { ModelStore } from './io/model-store';
export { createOpfsStore } from './io/opfs-store';
export { type CaseLoss, lossOfCase } from './loss/loss-of-case';
export {
  attachAdapter,
  exportAdapter,
  initialAdapter,
  loadAdapter,
  mergeAdapter,
  trainedParameterCount,
} from './model/adapter';
export { type AdapterConfig, parseAdapterConfig } from './model/adapter-config';
export { type ModelConfig, parseModelConfig } from './model/config';
export { createRandomModel, exportModel, loadModel, type Model, type ModelFiles } from './model/model';
export { parameterCount } from './model/parameters';
export { executeRun, type RunOptions } from './run/execute-run';
export type { OnBytes, RunHost, RunModel } from './run/run-host';
export { type Checkpoint, parseCheckpoint, serializeCheckpoint } from './train/checkpoint';
export { describeDeviceLoss, withDeviceRecovery } from './train/device-recovery';
export {
  checkTrainingFits,
  type ForecastInput,
  forecastTraining,
  readForecastInput,
  type TrainingForecast,
} from './train/forecast';
export { chooseHeldOut } from './train/held-out';
export { describeMemory, estimateMemory, mebibytes } from './train/memory';
export { defaultPretrainConfig, lossPerToken, type PretrainConfig, pretrain } from './train/pretrain';
export { prepareModel, type TrainMetric, type TrainOptions, type TrainResult, train } from './train/train';
export { parseTrainConfig } from './train/train-config';
export { messageOfError, TrainerError } from './trainer-error';
