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
  textTooShort: 'must have at least {minimum} characters',
  textTooLong: 'must have at most {maximum} characters',
  mustHoldAtMost: 'must hold at most {maximum}',
  unknownFields: 'has unknown fields: {fields}',
  wrongForm: 'does not have the right form',
  notId: 'is not an id',
  notAddress: 'is not an address',
  notEmail: 'is not an e-mail address',
  notTime: 'is not a time',
  cannotBeUsed: 'cannot be used',
  highMustExceedLow: 'high_freq_factor must be greater than low_freq_factor',
  fastMustExceedSlow: 'beta_fast must be at least beta_slow',
  layerNames: 'must be a comma-separated list of q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj',
  rankNeeded: 'is required when the run trains an adapter',

  // Files of a model
  noSuchFile: 'there is no such file',
  noSuchFileNorIndex: 'there is no such file, and no {index} either',
  namedByIndex: 'is listed in the index, but there is no such file',
  notJson: 'not JSON: {reason}',
  weightMapMissing: 'weight_map is missing or not a map of file names',
  listedTwice: '"{name}" is listed twice',
  notPlainFileName: '"{name}" is not a plain file name',
  notInIndexThere: 'holds the tensor "{name}", which the index does not put there',
  notInIndex: 'holds the tensor "{name}", which the index does not list',
  elsewhereInIndex: 'holds the tensor "{name}", which the index puts in {place}',
  tensorMissingHere: 'tensor "{name}", which the index puts here, is missing',
  textFileTooLarge: 'is too large for a file of this kind',
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
  patternTooInvolved: 'the pattern "{pattern}" is too complex to evaluate: list the module names instead',
  cannotBeAdapted: '"{name}" cannot have an adapter; these can: {possible}',
  adapterNeedsTarget: 'an adapter needs a target module, and the model has none of those listed',
  severalAdapters: 'the file contains several adapters: save one on its own',

  // Weights
  lfsPointer:
    'this is a Git LFS pointer, not the file itself: fetch it with "git lfs pull", or download it from its page',
  webPage: 'this is a web page, not the file itself: check what the page says, then download the file again',
  pytorchFile: 'this is a PyTorch file; only safetensors is read',
  ggufFile: 'this is a GGUF file; only safetensors is read',
  beyondDtype: '{value} is beyond what {dtype} can hold',
  prefixMissing:
    'the prefix "{prefix}" is missing: "{name}" is called "{found}" here, as in a model that was saved without its head',
  prefixTooMany:
    'there is an extra prefix "{prefix}": "{name}" is called "{found}" here, as in a model that was saved inside another one',
  fileTooShort: 'the file has {bytes} bytes; the header length alone takes 8',
  headerTooLong: 'the header claims {bytes} bytes; at most {most} are allowed',
  headerEmpty: 'the header is empty',
  headerCutOff: 'the header claims {bytes} bytes, but only {left} follow: the file is cut off',
  headerNotUtf8: 'the header is not valid UTF-8',
  headerNotObject: 'the header does not begin with "{"',
  headerNotJson: 'the header is not JSON: {reason}',
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
  tensorLacking: 'the weights are missing the tensor "{name}"',
  tensorNotFinite: 'the tensor "{name}" has the value {value} at element {index}',
  tensorShape: 'the tensor "{name}" has the shape [{shape}], but {source} requires [{wanted}]',
  tensorUnknown: 'the weights have a tensor "{name}", which this kind of model does not use',
  tensorMissing: 'the tensor "{name}" is missing',
  theModel: 'the model',

  // Tokenizers
  notTokenizer: 'tokenizer.json is not a tokenizer: {reason}',
  tokenizerUnusable: 'tokenizer.json cannot be used: {detail}',
  tokenizerDoesNotFit:
    "the tokenizer does not fit the model: its highest token id is {highest}, but the model's embedding has {rows} rows (ids 0 to {last})",
  noEndToken:
    "no file names the token that ends a text, and none of {usual} is among the tokenizer's {count} added tokens: set it as eos_token in tokenizer_config.json",
  tokenGuessed:
    'no file names the {role}, so "{token}" is used because of its name; if that is wrong, set the right one in tokenizer_config.json',
  tokenIdUnknown: "{role} is {id}, which no token of the tokenizer's {count} has",
  tokenUnknown: '{role} is "{token}", which is not among the tokenizer\'s {count} tokens',
  templateUnreadable: 'the chat template cannot be read: {detail}',
  templateRefuses: "the model's chat template refuses it: {detail}",
  noTokenizer: 'the model was loaded without its tokenizer, and cannot read text',

  // A hub
  notModelAddress: '"{text}" is not the address of a model; it looks like https://HOST/OWNER/NAME',
  unusableCommit: 'the hub names an unusable commit "{commit}"',
  noConnection: 'no connection: {detail}',
  hubAsksForLogin: 'the hub asks for a login, which is not supported: download the folder yourself',
  hubForbids:
    'the hub does not give you access to this model: accept its licence there and download the folder yourself',
  hubAnswered: 'the hub answered {status}',
  connectionEnded: 'the connection ended after {received} of {total} bytes',
  connectionBroke: 'the connection was lost: {detail}',

  // Files of prompts
  lineTooLong: 'the line is too long: {bytes} bytes, at most {most} are allowed',
  lineNotUtf8: 'the line is not valid UTF-8',
  fileNotUtf8: 'not valid UTF-8',
  lineNotJson: 'the line is not valid JSON: {reason}',
  lineNotObject: 'the line must be a JSON object',
  jsonEnds: 'it ends too early',
  jsonUnexpected: 'unexpected “{found}” at column {column}',
  jsonUnexpectedInLine: 'unexpected “{found}” in line {line} at column {column}',
  fileInUtf16: 'the file is UTF-16, not valid UTF-8: save it as UTF-8',
  fileIsArray:
    'this is a JSON array; each line must be a JSON object of its own (jq -c ".[]" splits an array into lines)',
  fileOverLines: 'this is a JSON object over several lines; each must be on one line (jq -c . joins them)',
  filePointer: 'this is a {name} pointer, not the file itself: download the file first',
  notPromptLines: 'this is {what}; expected is one JSON object per line with "prompt" and "responses"',
  thisIs: 'this is {what}',
  anotherFile: 'a {name} file',
  anOtherFile: 'an {name} file',
  fileOfSnapshot: 'a lossless snapshot file',
  fileOfRecords: 'a file of snapshot records',
  fileOfHeader: 'the header of a snapshot',
  fileOfPrompts: 'an import file of prompts',
  fileOfAnnotations: 'an export of annotations',
  fileOfScores: 'the output of "rescue score"',
  fileOfAnswers: 'the output of "rescue evaluate"',
  fileOfCase: 'a case for "rescue loss"',
  mustNotBeEmpty: 'must not be empty',
  mustHoldAtLeast: 'must hold at least {minimum}',
  textOrMessages: 'must be a text or a list of messages',
  idsDiffer: 'id "{id}" and external_id "{externalId}" differ: keep one of them',
  promptTwice: 'prompt "{id}" was already on line {line}',
  noRecords: 'there are no prompts in this file',
  keyRepeated: 'the key "{key}" appears more than once; the last one counts',
  importFileHasNoPairs:
    'this is an import file: its prompts have no pairs to train on; create a snapshot in the app and train on that',
  responseTwice: 'response "{id}" is listed twice',
  pairOfStranger: 'a pair names response "{id}", which does not exist',
  pairWithItself: 'a pair compares response "{id}" with itself',
  pairsOppose: '"{chosen}" and "{rejected}" are each said to be better than the other',
  pairsInCircle: 'the pairs form a cycle: {circle}',
  targetNotThere: 'target is response "{id}", which does not exist',
  responseEmpty: 'response "{id}" is empty',
  equalsInTiers: '"{id}" and "{other}" have the same text, but are in different tiers: the lower one counts',
  pairNamed: '"{chosen}" before "{rejected}"',
  pairsMerged: 'pairs that are listed more than once count once: {pairs}',
  pairOfEquals: 'the pair of "{chosen}" and "{rejected}" is left out: they have the same text',
  pairInCircleOfEquals:
    'the pair of "{chosen}" and "{rejected}" is left out: other pairs say the opposite about the same texts',
  pairAgainstTiers: 'a pair says that "{chosen}" is better than "{rejected}", but the tiers say the opposite',

  // Prompts
  promptTooLong:
    'prompt "{prompt}" takes {tokens} tokens and its longest response {responseTokens}, together {together}; at most {most} fit',
  promptEmpty: 'prompt "{prompt}" is empty: it renders to no tokens',
  noRoomForAnswer:
    'prompt "{prompt}" takes {tokens} tokens; the model\'s context is {context}, so there is no room for a response',
  promptBeyondContext:
    'prompt "{prompt}" has {tokens} tokens and its longest response {responseTokens}: more than the model\'s context of {context}',
  blockBeyondContext: "a prompt with its response has {tokens} tokens, but the model's context is {context}",
  promptCut: 'prompt "{prompt}": cut from {from} to {to} tokens, longest response from {responseFrom} to {responseTo}',
  askedCut: 'prompt "{prompt}": cut from {from} to {to} tokens',
  promptCutDocuments:
    'prompt "{prompt}": cut from {from} to {to} tokens, {dropped} of {documents} documents dropped, longest response from {responseFrom} to {responseTo}',
  tokenBeyondVocabulary: 'prompt "{prompt}" has token {token}, but the model\'s vocabulary ends at {last}',

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
  checkpointOfAnother: 'the checkpoint belongs to a run with a different config or different data',
  notCheckpoint: 'the file is not a checkpoint: its metadata has no state',
  checkpointDamaged: 'the checkpoint is damaged: its state is not JSON',
  checkpointState: "the checkpoint's state: {reason}",

  // Memory and devices
  trainingTooLarge: 'training needs {needed} ({parts}), but the device has {limit}: {help}',
  trainingTooLargeHere: 'training needs {needed} ({parts}), but the device has {limit}; {help}',
  memoryParts: 'weights {weights}, gradients {gradients}, optimizer {optimizer}, activations {activations}',
  adapterWould: 'train a LoRA adapter ({bytes})',
  batchSizeWould: 'set the batch size to {batchSize} ({bytes})',
  maxLengthWould: 'cut prompts to {maxLength} tokens ({bytes})',
  takeSmallerModel: 'choose a smaller model',
  helpWithoutAdapter: 'train a LoRA adapter instead, set a lower maxLength, or choose a smaller model',
  helpWithAdapter: 'set a lower maxLength, or choose a smaller model',
  outOfMemory: 'out of memory: {asked} requested, {used} in use, the limit is {limit}',
  limitOfBuffer: '{bytes} per buffer on this device',
  whatDeviceHas: 'what the device has free',
  kernelsMemory: 'the {bytes} that the kernels themselves need are not available',
  gpuOutOfMemory: 'the GPU ran out of memory and was lost: {detail}',
  gpuLost: 'the GPU was lost: {detail}',
  gpuClosed: 'the GPU was closed: {detail}',
  gpuRefused: 'the GPU refused a command: {detail}',
  gpuRefusedBatch: 'the GPU refused a batch: {detail}',
  threadsNotStarted: 'CPU threads could not be started: {detail}',
  threadFailed: 'a CPU thread failed: {detail}',
  allocationFailed: 'no more memory is available: {detail}',
  storageFull: 'there is no space left to store files: {detail}',
  internal: '{detail}',
  tryingAgain: '{reason}; trying again from the start ({retry} of {retries})',
  tryingAgainFrom: '{reason}; trying again from the checkpoint of step {step} ({retry} of {retries})',

  // Notes
  leftOut: '{count} of {total} training prompts are left out: they have neither a target nor pairs',
  heldOutWithoutPairs: 'the held-out prompts have no pairs, so their ranking accuracy is undefined',
  mixedPrecision: 'mixed precision: activations are kept in 16 bits',
  noMixedPrecision: 'mixed precision was requested, but this device or model does not support it: everything is f32',
  computedTwice: 'activations do not fit into memory and are computed twice; the result is the same',

  // Why a figure about annotators is undefined
  fewerThanTwoAnnotators: 'fewer than two annotators judged this',
  fewerThanTwoPlacedByBoth: 'no two responses were placed in tiers by the same two annotators',
  fewerThanTwoPlacedByAll: 'fewer than two responses were placed in tiers by every annotator',
  everythingTiedByOne: 'one annotator put every response in the same tier',
  everythingTiedByAll: 'every annotator put all responses in the same tier',
  everyPairTiedByBoth: 'both annotators tied every pair',
  noPairOrderedByBoth: 'no pair was ordered by both',
  nothingJudgedTwice: 'no response was placed in a tier by two annotators',
  onlyOneTierUsed: 'only one tier was used, so agreement cannot be told from chance',
  noConcordance: 'no prompt has two responses that every annotator placed and not everybody tied',

  // Files of annotations
  notAnnotations: 'this is {what}; expected is an export of annotations',
  annotationTwice: 'this annotator has another annotation of this prompt in force, in line {line}',
  tierWherePlaced: 'a placement has a tier exactly where its state is "placed"',
  noAnnotations: 'there are no annotations in this file',

  // Why sources have no strengths
  fewerThanTwoPlacedByOne: 'nobody placed two of the responses in tiers',
  fewerThanTwoSources: 'there are fewer than two sources',
  sourceNeverCompared: 'nobody compared this source with another one',
  sourcesNotCompared: 'nothing compares {first} with {second}, not even by way of others',
  sourcesNeverBeaten:
    '{sources}: never worse than any other source and never tied with one, so there is no limit to the strength',
  resultsFitSteps: 'the results fit a ranking without exception, so there is no limit to the strengths',

  // Why a model cannot be tested beside annotators
  nobodyToTestAgainst: 'too few prompts were judged by the model and by two people',
  fewerPromptsThanTested:
    '{prompts} prompts were judged by the model, this person and another one; the test needs {fewest}',
} as const;

export type SentenceKey = keyof typeof sentences;
