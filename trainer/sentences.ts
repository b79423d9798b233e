/**
 * Every failure that the trainer has words for, in English; `{name}` stands for a value. Those named `detail` hold what
 * another program says, in its own words. What only the command line says stands in cli/.
 */
export const sentences = {
  listed: '{first}, {rest}',
  either: '{first}, or {rest}',
  inFile: '{file}: {reason}',
  ofPrompt: 'prompt "{prompt}": {reason}',

  // Fields of a file
  fieldProblem: '{field}: {reason}',
  isMissing: 'is missing',
  mustBe: 'must be {expected}, not {received}',
  mustBeAtLeast: 'must be at least {minimum}',
  mustBeAbove: 'must be more than {minimum}',
  mustBeAtMost: 'must be at most {maximum}',
  mustBeBelow: 'must be less than {maximum}',
  mustBeOneOf: 'must be one of {values}',
  cannotBeUsed: 'cannot be used',
  highMustExceedLow: 'high_freq_factor must be greater than low_freq_factor',
  fastMustExceedSlow: 'beta_fast must be at least beta_slow',

  // Files of a model
  noSuchFile: 'there is no such file',
  noSuchFileNorIndex: 'there is no such file, and no {index} either',
  namedByIndex: 'named by the index, but there is no such file',
  notJson: 'not JSON: {detail}',
  weightMapMissing: 'weight_map is missing or not a map of file names',
  listedTwice: '"{name}" is listed twice',
  notPlainFileName: '"{name}" is not a plain file name',
  notInIndexThere: 'holds the tensor "{name}", which the index does not put there',
  notInIndex: 'holds the tensor "{name}", which the index does not list',
  elsewhereInIndex: 'holds the tensor "{name}", which the index puts in {place}',
  tensorMissingHere: 'tensor "{name}", which the index puts here, is missing',
  textFileTooLarge: 'is larger than such a file can be',
  cannotBeWritten: 'cannot be written: {detail}',
  cannotBeRead: 'cannot be read: {detail}',

  // config.json
  modelTypeNotSupported: 'model_type "{type}" is not supported (only {supported})',
  hiddenSizeNotMultiple: 'hidden_size ({size}) must be a multiple of num_attention_heads ({heads})',
  headDimensionOdd: 'the head dimension ({size}) must be even',
  headsNotMultiple: 'num_attention_heads ({heads}) must be a multiple of num_key_value_heads ({kvHeads})',
  notSupported: 'not supported: {features}',
  hiddenActOnly: 'hidden_act "{value}" (only "silu")',
  slidingWindow: 'attention with a window of {size} tokens (sliding_window)',
  layerType: 'layers of type "{type}" (only "full_attention")',
  experts: 'a mixture of {count} experts',
  quantized: 'quantized weights ({method})',
  plainField: '{field}',
  ropeTypeNotSupported:
    'rope_scaling of type "{type}" is not supported (only "default", "linear", "dynamic", "llama3" and "yarn")',

  // adapter_config.json
  peftTypeNotSupported: 'peft_type "{type}" is not supported (only "LORA")',
  patternUnreadable: 'the pattern "{pattern}" cannot be read',
  patternTooInvolved: 'the pattern "{pattern}" repeats too much to be tried: name the modules instead',
  cannotBeAdapted: '"{name}" cannot be adapted; these can: {possible}',
  adapterNeedsTarget: 'an adapter needs a target, and the model has none of those that are named',
  severalAdapters: 'the file holds several adapters: save one alone',

  // Weights
  fileTooShort: 'the file has {bytes} bytes; the header length alone takes 8',
  headerTooLong: 'the header claims {bytes} bytes; at most {most} are allowed',
  headerEmpty: 'the header is empty',
  headerCutOff: 'the header claims {bytes} bytes, but only {left} follow: the file is cut off',
  headerNotUtf8: 'the header is not valid UTF-8',
  headerNotObject: 'the header does not begin with "{"',
  headerNotJson: 'the header is not JSON: {detail}',
  tensorTwice: 'tensor "{name}" is listed twice in the header',
  keyTwice: 'the header repeats the key "{name}" inside one entry',
  metadataNotStrings: '__metadata__ is not a map from strings to strings',
  ofTensor: 'tensor "{name}": {reason}',
  entryNotObject: 'its entry is not an object',
  dtypeMissing: 'dtype is missing or not a string',
  dtypeNotSupported: 'dtype {dtype} is not supported; F32, F16 and BF16 are',
  shapeMissing: 'shape is missing or not a list',
  shapeNotWhole: 'shape {shape} has a size that is not a whole number from 0',
  offsetsMissing: 'data_offsets is missing or not a pair',
  offsetsNotWhole: 'data_offsets {offsets} are not whole numbers from 0',
  offsetsBackwards: 'data_offsets run backwards, from {begin} to {end}',
  dataBeyondEnd: 'its data ends at byte {end}, but the file holds {bytes} bytes of data',
  shapeTooLarge: 'shape {shape} has too many elements',
  shapeNotOfData: 'shape {shape} of {dtype} takes {wanted} bytes, but data_offsets give {given}',
  tensorsOverlap: 'tensor "{name}" starts at byte {begin} and overlaps "{other}", which ends at {end}',
  holeBeforeTensor: '{bytes} bytes before tensor "{name}" belong to no tensor (a hole)',
  bytesAfterTensors: '{bytes} bytes after the last tensor belong to no tensor',
  metadataIsNoTensor: 'a tensor may not be called "__metadata__"',
  shapeNotOfValues: 'shape {shape} does not hold {count} values',
  tensorLacking: 'the weights lack the tensor "{name}"',
  tensorNotFinite: 'the tensor "{name}" holds {value} at element {index}',
  tensorShape: 'the tensor "{name}" has the shape [{shape}], {source} asks for [{wanted}]',
  tensorUnknown: 'the weights hold the tensor "{name}", which this kind of model does not have',
  tensorMissing: 'the tensor "{name}" is missing',
  theModel: 'the model',

  // Tokenizers
  notTokenizer: 'tokenizer.json is not a tokenizer: {reason}',
  tokenizerUnusable: 'tokenizer.json cannot be used: {detail}',
  tokenizerDoesNotFit:
    "the tokenizer does not fit the model: its highest token id is {highest}, but the model's embedding has {rows} rows (ids 0 to {last})",
  noEndToken:
    'the tokenizer names no end-of-sequence token: tokenizer_config.json has no eos_token and none of {usual} is among its {count} tokens',
  tokenUnknown: '{role} is "{token}", which is not among the tokenizer\'s {count} tokens',
  templateUnreadable: 'the chat template cannot be read: {detail}',
  templateRefuses: "the model's chat template refuses it: {detail}",
  noTokenizer: 'the model was loaded without its tokenizer, and cannot read text',

  // A hub
  notModelAddress: '"{text}" is not the address of a model; it looks like https://HOST/OWNER/NAME',
  unusableCommit: 'the hub names an unusable commit "{commit}"',
  noConnection: 'no connection: {detail}',
  hubAsksForLogin: 'the hub asks for a login, which is not supported: download the folder yourself',
  hubForbids: 'the hub does not let you have this model: accept its licence there and download the folder yourself',
  hubAnswered: 'the hub answered {status}',
  connectionEnded: '{received} of {total} bytes came, then the connection ended',
  connectionBroke: 'the connection broke: {detail}',

  // Prompts
  promptTooLong:
    'prompt "{prompt}" takes {tokens} tokens and its longest response {responseTokens}, together {together}; at most {most} fit',
  promptEmpty: 'prompt "{prompt}" is empty: it renders to no tokens',
  noRoomForAnswer:
    'prompt "{prompt}" takes {tokens} tokens; the model\'s context is {context}, so no answer fits behind it',
  promptBeyondContext:
    'prompt "{prompt}" has {tokens} tokens and its longest response {responseTokens}: more than the model\'s context of {context}',
  blockBeyondContext: "a prompt with its response has {tokens} tokens, the model's context is {context}",
  promptCut: 'prompt "{prompt}": cut from {from} to {to} tokens, longest response from {responseFrom} to {responseTo}',
  promptCutDocuments:
    'prompt "{prompt}": cut from {from} to {to} tokens, {dropped} of {documents} documents dropped, longest response from {responseFrom} to {responseTo}',
  tokenBeyondVocabulary: 'prompt "{prompt}" holds token {token}, the model\'s vocabulary ends at {last}',

  // Training
  noPrompts: 'there is nothing to train on: the snapshot has no prompts',
  allHeldOut: 'there is nothing to train on: every prompt is held out',
  noPairs:
    'the training prompts have no pairs to rank: judge more responses, choose another strategy, or set alpha to 0 to train on the targets alone',
  noTargets: 'there is nothing to train on: no training prompt has a target, and alpha is 0',
  noSequences: 'there is nothing to train on: no sequence has two tokens',
  gradientNotFinite: 'step {step}: the gradient is not finite; try a lower learning rate',
  lossNotFinite: 'step {step}: the loss of prompt "{prompt}" is not a number; try a lower learning rate',
  meanLossNotFinite: 'step {step}: the loss is not a number',
  checkpointOfAnother: 'the checkpoint belongs to a training with another config or other data',
  notCheckpoint: 'the file is not a checkpoint: its metadata has no state',
  checkpointDamaged: 'the checkpoint is damaged: its state is not JSON',
  checkpointState: "the checkpoint's state: {reason}",

  // Memory and devices
  trainingTooLarge: 'training needs {needed} ({parts}), the device has {limit}: {help}',
  trainingTooLargeHere: 'training needs {needed} ({parts}), the device has {limit}; {help}',
  memoryParts: 'weights {weights}, gradients {gradients}, optimizer {optimizer}, activations {activations}',
  adapterWould: 'train a LoRA adapter ({bytes})',
  batchSizeWould: 'set the batch size to {batchSize} ({bytes})',
  maxLengthWould: 'cut prompts to {maxLength} tokens ({bytes})',
  takeSmallerModel: 'take a smaller model',
  helpWithoutAdapter: 'train a LoRA adapter instead, cut prompts at a lower maxLength, or take a smaller model',
  helpWithAdapter: 'cut prompts at a lower maxLength, or take a smaller model',
  outOfMemory: '{asked} were asked for; {used} are in use and the limit is {limit}',
  limitOfBuffer: '{bytes} a buffer on this device',
  whatDeviceHas: 'what the device has free',
  kernelsMemory: "the kernels' own {bytes} are not to be had",
  gpuOutOfMemory: 'the GPU ran out of memory and was lost: {detail}',
  gpuLost: 'the GPU was lost: {detail}',
  gpuClosed: 'the GPU was closed: {detail}',
  gpuRefused: 'the GPU refused a command: {detail}',
  gpuRefusedBatch: 'the GPU refused a batch: {detail}',
  threadsNotStarted: 'CPU threads could not be started: {detail}',
  threadFailed: 'a CPU thread failed: {detail}',
  allocationFailed: 'no more memory is to be had here: {detail}',
  storageFull: 'there is no more room to store files: {detail}',
  internal: '{detail}',
  tryingAgain: '{reason}; trying again from the start ({retry} of {retries})',
  tryingAgainFrom: '{reason}; trying again from the checkpoint of step {step} ({retry} of {retries})',

  // Notes
  leftOut: '{count} of {total} training prompts are left out: they have neither a target nor pairs',
  heldOutWithoutPairs: 'the held-out prompts have no pairs, so their ranking accuracy is undefined',
  mixedPrecision: 'mixed precision: activations are kept in 16 bits',
  noMixedPrecision: 'mixed precision was asked for, but this device or model has none: everything is f32',
  computedTwice: 'activations do not fit into memory and are computed twice; the result is the same',
} as const;

export type SentenceKey = keyof typeof sentences;
