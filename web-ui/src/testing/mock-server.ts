import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import type { Review } from '@/features/reviews/api/schemas';
import {
  completedSteps,
  failedReview,
  finding,
  longReview,
  review,
  runningReview,
  sampleNow,
} from './fixtures.ts';
import { MockPlatform } from './mock-platform.ts';

/** What the platform sends with every page; the mock sends the same, so that a breach shows here first. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

/**
 * Serves the platform's API from memory, for developing and looking at the pages.
 * The cookie `mock` chooses a scene: `empty`, `error`, `signed-out`, `slow`, `viewer`.
 */
export function mockPlatform(): Plugin {
  return {
    name: 'guildhall-mock-platform',
    configureServer: (server) => {
      server.middlewares.use(serve(scenes()));
    },
    configurePreviewServer: (server) => {
      server.middlewares.use((_, response, next) => {
        response.setHeader('Content-Security-Policy', contentSecurityPolicy);
        next();
      });
      server.middlewares.use(serve(scenes()));
    },
  };
}

function scenes(): ReadonlyMap<string, MockPlatform> {
  // Sample times are written around a fixed moment; here they move to now.
  const shift = Date.now() - sampleNow;
  const normal = new MockPlatform();
  normal.reviews = [
    review(),
    runningReview({ id: 2, number: 2, title: 'Print receipts in two languages', author: 'Jonas Weber' }),
    failedReview({ id: 3, number: 3, title: 'Round totals to five cents' }),
    longReview({ id: 4 }),
    review({
      id: 5,
      number: 5,
      title: 'Name the currency in one place',
      author: 'Priya Raman',
      findings: [],
      findingsDropped: 0,
      summary: 'The currency is read from one property now; all six places that named it use it.',
      files: review().files.slice(0, 2),
      totalMillis: 21_300,
    }),
    hostileReview(),
    runningReview({
      id: 7,
      number: 7,
      title: 'Open the drawer after a refund',
      state: 'queued',
      steps: completedSteps.slice(0, 0),
      startedAt: undefined,
    }),
  ].map((sample) => moved(sample, shift));
  normal.repositories = normal.repositories.map((repository) => ({
    ...repository,
    index: { ...repository.index, updatedAt: movedTime(repository.index.updatedAt, shift) },
  }));
  hostilePatches(normal);

  const empty = new MockPlatform();
  empty.reviews = [];
  empty.repositories = [];
  const signedOut = new MockPlatform();
  signedOut.signedIn = false;
  const viewer = new MockPlatform();
  viewer.roles = ['viewer'];
  viewer.reviews = normal.reviews;
  return new Map([
    ['', normal],
    ['slow', normal],
    ['error', normal],
    ['empty', empty],
    ['signed-out', signedOut],
    ['viewer', viewer],
  ]);
}

/** A pull request by someone who means harm. */
function hostileReview(): Review {
  const path = 'src/<img src=x onerror=alert(1)>/"><script>alert(2)</script>.java';
  return review({
    id: 6,
    number: 6,
    title: '<script>alert("title")</script> Tidy up',
    author: 'mallory <b>admin</b>',
    summary:
      '<iframe src="https://example.com"></iframe> ![tracker](https://example.com/pixel.png) [click](javascript:alert(1))',
    files: [{ ...review().files[0]!, path }],
    findings: [
      finding({
        path,
        startLine: 2,
        endLine: 2,
        title: 'The line reads other than it runs',
        category: 'hidden-characters',
        message: '<img src=x onerror=alert(3)> # Heading\n\n[link](javascript:alert(4)) and <b>bold</b>',
        evidence: 'if (user.isAdmin()) { \u202e } // check\u2066',
        suggestion: '</span><script>alert(5)</script>',
      }),
    ],
  });
}

function hostilePatches(platform: MockPlatform): void {
  platform.patches.set(
    '6/0',
    '@@ -1,2 +1,3 @@\n class Access {\n+    if (user.isAdmin()) { \u202e } // check\u2066\n+    String html = "</td><script>alert(6)</script>";\n }\n',
  );
}

function movedTime(time: string | undefined, millis: number): string | undefined {
  return time === undefined ? undefined : new Date(Date.parse(time) + millis).toISOString();
}

function moved(sample: Review, millis: number): Review {
  // A running review began a moment ago.
  const startedAt =
    sample.state === 'running'
      ? new Date(Date.now() - 15_000).toISOString()
      : movedTime(sample.startedAt, millis);
  return {
    ...sample,
    createdAt: movedTime(sample.createdAt, millis - sample.id * 35 * 60_000) ?? sample.createdAt,
    startedAt,
    completedAt: movedTime(sample.completedAt, millis),
  };
}

function serve(platforms: ReadonlyMap<string, MockPlatform>): Connect.NextHandleFunction {
  return (request, response, next) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const scene = /(?:^|; )mock=([a-z-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const platform = platforms.get(scene) ?? platforms.get('')!;
    if (url.pathname === '/logout' || url.pathname.startsWith('/oauth2/')) {
      response.writeHead(302, { Location: url.searchParams.get('return') ?? '/' }).end();
    } else if (url.pathname.endsWith('/events')) {
      streamEvents(platform, url, request, response);
    } else if (url.pathname.startsWith('/api/v1/')) {
      if (scene === 'error' && url.pathname !== '/api/v1/session') {
        platform.failNext(
          url.pathname.slice('/api/v1'.length),
          503,
          'review-store-unavailable',
          'The reviews cannot be read: PostgreSQL does not answer. Check `guildhall status`, then try again.',
        );
      }
      const { status, body } = platform.answer(request.method ?? 'GET', url, (name) =>
        request.headers[name.toLowerCase()]?.toString(),
      );
      setTimeout(
        () => {
          response
            .writeHead(status, {
              'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
            })
            .end(body === undefined ? undefined : JSON.stringify(body));
        },
        scene === 'slow' && url.pathname !== '/api/v1/session' ? 60_000 : 0,
      );
    } else {
      next();
    }
  };
}

/** A running review moves on slowly for as long as someone looks. */
function streamEvents(
  platform: MockPlatform,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': connected\n\n');
  const id = Number(/\/reviews\/(\d+)\/events/.exec(url.pathname)?.[1]);
  let sequence = 0;
  const tick = () => {
    const current = platform.reviews.find((candidate) => candidate.id === id);
    if (current?.state !== 'running') {
      return;
    }
    const steps = current.steps.map((step) =>
      step.state === 'running' ? { ...step, elapsedMillis: step.elapsedMillis + 1_000 } : step,
    );
    platform.replace({ ...current, steps });
    const data = JSON.stringify({ id, attempt: current.attempt, state: 'running', steps });
    response.write(`id: ${++sequence}\nevent: progress\ndata: ${data}\n\n`);
  };
  tick();
  const timer = setInterval(tick, 1_000);
  request.on('close', () => {
    clearInterval(timer);
  });
}
