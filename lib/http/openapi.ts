/** The OpenAPI 3.1 document of everything that programs may ask, made from the schemas that the routes themselves use. */
import * as z from 'zod';
import { PROBLEM_TYPE, problemSchema } from '@/lib/schemas/answer-fields';
import { apiKeyScopes } from '@/lib/schemas/api-key';
import {
  describedOperation,
  type JsonSchema,
  type OpenApiDocument,
  type OperationObject,
  type Parameter,
} from '@/lib/schemas/open-api';
import { answerSchemas } from './answer-schemas';
import { API_VERSION, type Method } from './body-limits';
import { codeSamples } from './clients/code-samples';
import { operationExamples } from './operation-examples';
import { type Operation, operations } from './operations';

/** JSON Schema (draft 2020-12, which is OpenAPI 3.1's own) of what a client sends or gets. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as JsonSchema;
}

const pathParameter = /\[(\w+)\]/g;

function parametersOf(path: string, { id, query, headers }: Operation): Parameter[] {
  const inPath = [...path.matchAll(pathParameter)].map(([, name]): Parameter => {
    return { name: name!, in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
  });
  const example = operationExamples[id];
  return [
    ...inPath,
    ...namedParameters('query', query, example?.query),
    ...namedParameters('header', headers, example?.headers),
  ];
}

function namedParameters(
  place: 'query' | 'header',
  described: z.ZodType | undefined,
  examples: Readonly<Record<string, unknown>> = {},
): Parameter[] {
  if (!described) return [];
  const { properties = {}, required = [] } = schemaOf(described, 'input');
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const example = examples[name];
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema,
      ...(example !== undefined && { example }),
    };
  });
}

const anyFile = (name: string) => ({
  'application/octet-stream': { schema: { type: 'string', format: 'binary' }, 'x-file-name': name },
});

function answerOf(path: string, method: Method, id: string): OperationObject['responses'] {
  const shape = answerSchemas[path]?.[method];
  if (shape === 'nothing') return { 204: { description: 'Done' } };
  if (shape === 'file') {
    return { 200: { description: 'The file', content: anyFile(operationExamples[id]?.file ?? id) } };
  }
  if (!(shape instanceof z.ZodType)) throw new Error(`${method} ${path} has no schema of its answer.`);
  return {
    '2XX': { description: 'The answer', content: { 'application/json': { schema: schemaOf(shape, 'output') } } },
  };
}

function bodyOf({ id, body }: Operation): { requestBody?: OperationObject['requestBody'] } {
  if (!body) return {};
  const example = operationExamples[id]?.body;
  const content =
    body === 'file'
      ? anyFile(String(example))
      : { 'application/json': { schema: schemaOf(body, 'input'), ...(example !== undefined && { example }) } };
  return { requestBody: { required: true, content } };
}

function operationDocument(path: string, method: Method, operation: Operation): OperationObject {
  const { id, summary, description, scope } = operation;
  const described: OperationObject = {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags: [path.split('/')[0]!],
    security: [{ key: [scope] }],
    parameters: parametersOf(path, operation),
    ...bodyOf(operation),
    responses: { ...answerOf(path, method, id), default: { $ref: '#/components/responses/Problem' } },
  };
  return { ...described, 'x-codeSamples': codeSamples(describedOperation(addressOf(path), method, described)) };
}

/** As the document writes a path. */
const addressOf = (path: string) => `/${path.replace(pathParameter, '{$1}')}`;

const problem = {
  description: 'Refused or failed, as problem details (RFC 9457)',
  content: { [PROBLEM_TYPE]: { schema: schemaOf(problemSchema, 'output') } },
};

/** @param origin of this server, e.g. https://rescue.example.org */
export function openApiDocument(origin: string): OpenApiDocument {
  const paths = Object.entries(operations).map(([path, methods]) => {
    const described = Object.entries(methods).map(([method, operation]) => {
      return [method.toLowerCase(), operationDocument(path, method as Method, operation)];
    });
    return [addressOf(path), Object.fromEntries(described)];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rescue Studio',
      version: API_VERSION,
      description: `An API key, made on the account page, is sent as \`Authorization: Bearer rsk_…\`. Its scopes: ${apiKeyScopes.join(', ')}.`,
    },
    servers: [{ url: `${origin}/api/${API_VERSION}` }],
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } }, responses: { Problem: problem } },
    paths: Object.fromEntries(paths),
  };
}
