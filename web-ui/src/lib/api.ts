import { z } from 'zod';

// The compiled parsers of zod need eval, which the content security policy forbids.
z.config({ jitless: true });

/** Absent and null mean the same in the platform's answers; here both are undefined. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** Why something did not work, as the platform tells it. */
export const failureSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
export type Failure = z.infer<typeof failureSchema>;

const problemSchema = z.object({
  title: optional(z.string()),
  detail: optional(z.string()),
  code: optional(z.string()),
  requestId: optional(z.string()),
});

/** An answer that is not the one hoped for: from the platform, or because there was none. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    message: string,
    readonly code: string,
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    readonly requestId: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface Csrf {
  header: string;
  token: string;
}

let csrf: Csrf | undefined;

/** Keeps the token that every writing request carries. */
export function rememberCsrf(token: Csrf): void {
  csrf = token;
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Accept', 'application/json, application/problem+json');
  if (csrf && init.method && init.method !== 'GET') {
    headers.set(csrf.header, csrf.token);
  }
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: 'same-origin' });
  } catch (cause) {
    if (init.signal?.aborted) {
      throw cause;
    }
    throw new ApiError(
      'Guildhall does not answer. Check that it runs and that the network reaches it.',
      'unreachable',
      0,
      undefined,
      {
        cause,
      },
    );
  }
  if (!response.ok) {
    throw await problem(response);
  }
  return response;
}

async function problem(response: Response): Promise<ApiError> {
  const header = response.headers.get('X-Request-Id') ?? undefined;
  const parsed = problemSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    return new ApiError(
      `The server answered with status ${response.status}.`,
      `http-${response.status}`,
      response.status,
      header,
    );
  }
  const { title, detail, code, requestId } = parsed.data;
  return new ApiError(
    detail ?? title ?? `The server answered with status ${response.status}.`,
    code ?? `http-${response.status}`,
    response.status,
    requestId ?? header,
  );
}

/** Asks the platform and checks the answer's shape. */
export async function request<T>(path: string, schema: z.ZodType<T>, init: RequestInit = {}): Promise<T> {
  const response = await answer(path, init);
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new ApiError(
      `The answer of ${path.split('?')[0]} has an unexpected form${place ? ` at ${place}` : ''}. Reload the page: it may be older than the server.`,
      'unexpected-answer',
      response.status,
      response.headers.get('X-Request-Id') ?? undefined,
      { cause: parsed.error },
    );
  }
  return parsed.data;
}

/** Asks the platform to do something whose answer nobody reads. */
export async function send(path: string, init: RequestInit): Promise<void> {
  await answer(path, init);
}

/** A failure of the network or the server may pass; one of ours does not. */
export function mayPass(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}
