import {
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { useIdempotencyKeys } from './idempotency-key';

/**
 * A refusal by the server or a failure on the way to it.
 * `status` is 0 if no answer came; `code` is then 'network' or 'aborted'. A refusal without a message has the code
 * 'unexplained'. `errorSentence` gives the sentence to show.
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export type ApiRequest = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is (JSONL text, bytes). */
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** The idempotency key: the request creates one thing, however often it is sent. */
  once?: string;
  /** Lets the request outlive the page (bodies up to 64 KiB). */
  keepalive?: boolean;
};

/** Turns an answer that is not 2xx into an ApiError: `{error:{code,message,details?}}` or any other body. */
export async function errorFromResponse(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: { code?: string; message?: string; details?: unknown } } | null)?.error;
  const plain = (body as { message?: unknown } | null)?.message;
  const message = error?.message ?? (typeof plain === 'string' ? plain : undefined);
  const code = error?.code ?? (message === undefined ? 'unexplained' : `http_${response.status}`);
  return new ApiError(response.status, code, message ?? `The server answered ${response.status}.`, error?.details);
}

/** The raw answer, 2xx only: for streams and files. Throws ApiError. `path` starts with '/', below /api. */
export async function apiResponse(path: string, request: ApiRequest = {}): Promise<Response> {
  const { method = 'GET', json, body, headers, signal, once, keepalive } = request;
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      body: json === undefined ? body : JSON.stringify(json),
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(once && { 'idempotency-key': once }),
        ...headers,
      },
      signal,
      keepalive,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (signal?.aborted) throw new ApiError(0, 'aborted', 'Stopped.');
    throw new ApiError(0, 'network', 'The server did not answer.', cause);
  }
  if (!response.ok) throw await errorFromResponse(response);
  return response;
}

/** The answer's JSON (undefined for an empty one). Throws ApiError. */
export async function api<T>(path: string, request: ApiRequest = {}): Promise<T> {
  const response = await apiResponse(path, request);
  const text = await response.text();
  try {
    return (text ? JSON.parse(text) : undefined) as T;
  } catch (cause) {
    throw new ApiError(response.status, 'not_json', 'The server’s answer could not be read.', cause);
  }
}

/**
 * The query key of a path: its segments, then its query. Keys of nested paths share a prefix, so invalidating
 * '/projects/1' also refreshes '/projects/1/runs'.
 */
export function apiKey(path: string): QueryKey {
  const [pathname = '', query] = path.split('?');
  return ['api', ...pathname.split('/').filter(Boolean), ...(query ? [`?${query}`] : [])];
}

/**
 * GET `path` as a query. `refetchMs` polls; `enabled: false` waits; `fresh` asks the server on every mount (wait for
 * `isFetchedAfterMount` before using the data).
 */
export function useApi<T>(
  path: string,
  options: {
    enabled?: boolean;
    fresh?: boolean;
    refetchMs?: number | false | ((data: T | undefined) => number | false);
  } = {},
): UseQueryResult<T, ApiError> {
  const { enabled = true, fresh = false, refetchMs = false } = options;
  return useQuery<T, ApiError>({
    queryKey: apiKey(path),
    queryFn: ({ signal }) => api<T>(path, { signal }),
    enabled,
    refetchOnMount: fresh ? 'always' : true,
    refetchInterval: typeof refetchMs === 'function' ? (query) => refetchMs(query.state.data) : refetchMs,
  });
}

/** A list as the server pages it: `next` is the `after` of the page that follows. */
type ListPage<Name extends string, Row> = Record<Name, Row[]> & { next: string | null };

/** GET all pages of a list, as one that ends. `name`: the field with its rows. For lists that people read whole. */
export function useApiList<Name extends string, Row>(
  path: string,
  name: Name,
  { enabled = true }: { enabled?: boolean } = {},
): UseQueryResult<Record<Name, Row[]>, ApiError> {
  return useQuery<Record<Name, Row[]>, ApiError>({
    queryKey: apiKey(path),
    queryFn: async ({ signal }) => {
      const rows: Row[] = [];
      for (let asked: string | null = path; asked !== null; ) {
        const page: ListPage<Name, Row> = await api(asked, { signal });
        for (const row of page[name]) rows.push(row);
        asked = page.next === null ? null : `${path}?after=${page.next}`;
      }
      return { [name]: rows } as Record<Name, Row[]>;
    },
    enabled,
  });
}

/** A function that marks every query below the given paths as stale and reloads what is on screen. */
export function useInvalidate(): (...paths: string[]) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (...paths) => {
      await Promise.all(paths.map((path) => client.invalidateQueries({ queryKey: apiKey(path) })));
    },
    [client],
  );
}

/**
 * A mutation: `send` maps the variables to a request; after success the `invalidates` paths are reloaded.
 * `done` is called then, even if the reload has remounted the component; callbacks of `mutate` would not be.
 * `const create = useApiMutation((name: string) => api('/projects', {method: 'POST', json: {name}}), ['/projects'])`
 */
export function useApiMutation<Variables, Data>(
  send: (variables: Variables) => Promise<Data>,
  invalidates: string[] = [],
  done?: (data: Data) => void,
): UseMutationResult<Data, ApiError, Variables> {
  const invalidate = useInvalidate();
  return useMutation<Data, ApiError, Variables>({
    mutationFn: send,
    onSuccess: async (data) => {
      await invalidate(...invalidates);
      done?.(data);
    },
  });
}

/**
 * A mutation behind a button that creates something: presses while one is under way do nothing, and `send` gets a key
 * that stays the same until the content changes or `reset()` begins anew, for `api(path, {once: key})`.
 */
export function useCreation<Variables, Data>(
  send: (variables: Variables, key: string) => Promise<Data>,
  invalidates: string[] = [],
  done?: (data: Data) => void,
) {
  const intentions = useIdempotencyKeys();
  const running = useRef(false);
  const mutation = useApiMutation<Variables, Data>(
    (variables) => send(variables, intentions.keyFor(variables)),
    invalidates,
    done,
  );
  const { mutateAsync, reset } = mutation;
  return {
    ...mutation,
    /** `created` runs after `done`; a failure is in `error`. */
    mutate(variables: Variables, created?: (data: Data) => void): void {
      // React updates the mutation's state too late for the second click of a double click.
      if (running.current) return;
      running.current = true;
      mutateAsync(variables)
        .then(
          (data) => created?.(data),
          () => undefined,
        )
        .finally(() => {
          running.current = false;
        });
    },
    reset(): void {
      intentions.forget();
      reset();
    },
  };
}
