/** The OpenAPI 3.1 document of everything that programs may ask, made from the schemas that the routes themselves use. */
import * as z from 'zod';
import { PROBLEM_TYPE, problemSchema } from '@/lib/schemas/answer-fields';
import { apiKeyScopes, type OpenApiDocument } from '@/lib/schemas/api-key';
import { answerSchemas } from './answer-schemas';
import { API_VERSION, type Method } from './body-limits';
import { type Operation, operations } from './operations';

/** JSON Schema (draft 2020-12, which is OpenAPI 3.1's own) of what a client sends or gets. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

const pathParameter = /\[(\w+)\]/g;

function parametersOf(path: string, { query, headers }: Operation): object[] {
  const inPath = [...path.matchAll(pathParameter)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
  });
  return [...inPath, ...namedParameters('query', query), ...namedParameters('header', headers)];
}

function namedParameters(place: 'query' | 'header', described: z.ZodType | undefined): object[] {
  if (!described) return [];
  const { properties = {}, required = [] } = schemaOf(described, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: place, required: required.includes(name), schema };
  });
}

const anyFile = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };

function answerOf(path: string, method: Method): object {
  const shape = answerSchemas[path]?.[method];
  if (shape === 'nothing') return { 204: { description: 'Done' } };
  if (shape === 'file') return { 200: { description: 'The file', content: anyFile } };
  if (!(shape instanceof z.ZodType)) throw new Error(`${method} ${path} has no schema of its answer.`);
  return {
    '2XX': { description: 'The answer', content: { 'application/json': { schema: schemaOf(shape, 'output') } } },
  };
}

function operationDocument(path: string, method: Method, operation: Operation): object {
  const { id, summary, scope, body } = operation;
  return {
    operationId: id,
    summary,
    description: `Needs the scope \`${scope}\`.`,
    tags: [path.split('/')[0]],
    security: [{ key: [] }],
    parameters: parametersOf(path, operation),
    ...(body && {
      requestBody: {
        required: true,
        content: body === 'file' ? anyFile : { 'application/json': { schema: schemaOf(body, 'input') } },
      },
    }),
    responses: { ...answerOf(path, method), default: { $ref: '#/components/responses/Problem' } },
  };
}

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
    return [`/${path.replace(pathParameter, '{$1}')}`, Object.fromEntries(described)];
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
