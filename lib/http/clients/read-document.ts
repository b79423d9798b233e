/** The operations of an OpenAPI document, as the writers of clients need them. */
import type { OpenApiDocument } from '@/lib/schemas/api-key';
import type { JsonSchema } from './json-types';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: JsonSchema;
}

export interface DescribedOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  /** 'file': bytes. Null: no body. */
  body: JsonSchema | 'file' | null;
  answer: JsonSchema | 'file' | 'nothing';
}

type Content = Record<string, { schema: JsonSchema }>;
interface OperationObject {
  operationId: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}

export function operationsOf({ paths }: OpenApiDocument): DescribedOperation[] {
  return Object.entries(paths as Record<string, Record<string, OperationObject>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { operationId: id, summary, description, parameters, requestBody, responses } = operation;
      const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
      return {
        id,
        method: method.toUpperCase(),
        path,
        summary,
        description,
        parameters,
        body: requestBody ? shapeOf(requestBody.content) : null,
        answer: answer?.content ? shapeOf(answer.content) : ('nothing' as const),
      };
    }),
  );
}

const shapeOf = (content: Content): JsonSchema | 'file' => content['application/json']?.schema ?? 'file';
