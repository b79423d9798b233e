/** The OpenAPI document of the API, and its operations as those who read it need them: writers of clients, and its page. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';

/** An OpenAPI document; its own standard says the rest. */
export const openApiDocumentSchema = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.unknown()),
});
export type OpenApiDocument = z.infer<typeof openApiDocumentSchema>;

/** Of JSON Schema, what the document uses. */
export interface JsonSchema {
  description?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | false;
  prefixItems?: JsonSchema[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
}

/** A program that asks for the operation, as other readers of such documents know it (`x-codeSamples`). */
export interface CodeSample {
  lang: string;
  label: string;
  source: string;
}

export interface DescribedOperation {
  id: string;
  method: string;
  path: string;
  tag: string;
  scope: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  /** 'file': bytes. Null: no body. */
  body: JsonSchema | 'file' | null;
  /** A value for the body; of a file, its name. */
  bodyExample: unknown;
  answer: JsonSchema | 'file' | 'nothing';
  /** Under which name an answer that is a file is kept. */
  answerFile: string | null;
  samples: CodeSample[];
}

/** `x-file-name`: what a file of this kind is called. */
type Content = Record<string, { schema: JsonSchema; example?: unknown; 'x-file-name'?: string }>;
export interface OperationObject {
  operationId: string;
  summary: string;
  description?: string;
  tags: [string];
  security: [{ key: [string] }];
  parameters: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content } | { $ref: string; content?: undefined }>;
  'x-codeSamples'?: CodeSample[];
}

export function operationsOf({ paths }: OpenApiDocument): DescribedOperation[] {
  return Object.entries(paths as Record<string, Record<string, OperationObject>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => describedOperation(path, method, operation)),
  );
}

export function describedOperation(path: string, method: string, operation: OperationObject): DescribedOperation {
  const { operationId: id, summary, description = '', parameters, requestBody, responses } = operation;
  const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const body = requestBody && Object.values(requestBody.content)[0];
  return {
    id,
    method: method.toUpperCase(),
    path,
    tag: operation.tags[0],
    scope: operation.security[0].key[0],
    summary,
    description,
    parameters,
    body: requestBody ? shapeOf(requestBody.content) : null,
    bodyExample: body?.['x-file-name'] ?? body?.example ?? null,
    answer: answer?.content ? shapeOf(answer.content) : 'nothing',
    answerFile: Object.values(answer?.content ?? {})[0]?.['x-file-name'] ?? null,
    samples: operation['x-codeSamples'] ?? [],
  };
}

const shapeOf = (content: Content): JsonSchema | 'file' => content['application/json']?.schema ?? 'file';

/** How every refusal looks: the one answer that the operations share. */
export function problemOf({ components }: OpenApiDocument): JsonSchema {
  const { responses } = components as { responses: { Problem: { content: Content } } };
  return Object.values(responses.Problem.content)[0]!.schema;
}

/** What a client's documentation says of an operation. */
export const sentencesOf = ({ summary, description, scope }: DescribedOperation): string =>
  [`${summary}.`, description, `Needs the scope \`${scope}\`.`].filter(Boolean).join(' ');
