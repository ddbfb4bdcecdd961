import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import type { MockPlatform } from './mock-platform';

/** Puts tests' requests to a mock platform. */
export const platformServer = setupServer();

export function answerFrom(platform: MockPlatform): void {
  platformServer.resetHandlers(
    http.all('*/api/v1/*', ({ request }) => {
      const { status, body } = platform.answer(
        request.method,
        new URL(request.url),
        (name) => request.headers.get(name) ?? undefined,
      );
      return body === undefined ? new HttpResponse(null, { status }) : HttpResponse.json(body, { status });
    }),
  );
}
