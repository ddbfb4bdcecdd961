import type { Repository } from '@/features/repositories/api/get-repositories';
import type { Review } from '@/features/reviews/api/schemas';
import { ledger, longPatch, patches, review, till, warehouse } from './fixtures.ts';

export interface MockAnswer {
  status: number;
  body: unknown;
}

const apiPath = '/api/v1';

/** A platform in memory that answers as the real one does; tests and the mock mode of the dev server talk to it. */
export class MockPlatform {
  signedIn = true;
  roles = ['admin', 'developer', 'viewer'];
  repositories: Repository[] = [till, warehouse, ledger];
  reviews: Review[] = [review()];
  /** Diffs that are not the sample's, by `reviewId/fileIndex`. */
  readonly patches = new Map<string, string>();
  /** Every writing request that came in. */
  readonly writes: { method: string; path: string; csrf: string | undefined }[] = [];
  readonly #failures: { path: string; answer: MockAnswer }[] = [];

  /** Lets the next request to a path below `/api/v1` fail once. */
  failNext(path: string, status: number, code: string, detail: string): void {
    this.#failures.push({ path, answer: problem(status, code, detail) });
  }

  answer(method: string, url: URL, header: (name: string) => string | undefined): MockAnswer {
    const path = url.pathname.slice(apiPath.length);
    const failure = this.#failures.findIndex((candidate) => candidate.path === path);
    if (failure >= 0) {
      return this.#failures.splice(failure, 1)[0]!.answer;
    }
    if (!this.signedIn) {
      return problem(401, 'not-signed-in', 'Nobody is signed in.');
    }
    if (method !== 'GET') {
      this.writes.push({ method, path, csrf: header('X-CSRF-TOKEN') });
    }
    const [, id, rest] = /^\/reviews\/(\d+)(\/.*)?$/.exec(path) ?? [];
    if (id !== undefined) {
      const found = this.reviews.find((candidate) => candidate.id === Number(id));
      return found
        ? this.#answerReview(method, found, rest ?? '')
        : problem(404, 'review-not-found', `There is no review ${id}.`);
    }
    switch (`${method} ${path}`) {
      case 'GET /session':
        return ok({
          user: { name: 'admin', displayName: 'Ada Byron', roles: this.roles },
          csrf: { header: 'X-CSRF-TOKEN', token: 'csrf-token' },
          version: '0.1.0',
        });
      case 'GET /repositories':
        return ok({ items: this.repositories, total: this.repositories.length });
      case 'GET /reviews':
        return ok(this.#page(url.searchParams));
      default:
        return problem(404, 'not-found', `There is nothing at ${path}.`);
    }
  }

  #page(parameters: URLSearchParams) {
    const page = Number(parameters.get('page') ?? 0);
    const size = Number(parameters.get('size') ?? 50);
    const items = this.reviews
      .filter(({ state }) => !parameters.has('state') || state === parameters.get('state'))
      .filter(
        ({ repository }) =>
          !parameters.has('repositoryId') || repository.id === parameters.get('repositoryId'),
      )
      .sort((a, b) => b.id - a.id);
    return { items: items.slice(page * size, (page + 1) * size), total: items.length, page, size };
  }

  #answerReview(method: string, found: Review, rest: string): MockAnswer {
    if (method === 'GET' && rest === '') {
      // As the platform writes it: null for what is absent.
      return ok({ ...found, usage: found.usage ?? null, failure: found.failure ?? null });
    }
    const [, index] = /^\/files\/(\d+)$/.exec(rest) ?? [];
    const file = found.files.find((candidate) => candidate.index === Number(index));
    if (method === 'GET' && file) {
      const patch =
        this.patches.get(`${found.id}/${file.index}`) ??
        (found.files.length > 100 ? longPatch(file.index) : patches[file.index]);
      return ok({
        index: file.index,
        patch: patch ?? null,
        reason: patch === undefined ? file.reason : null,
      });
    }
    if (method === 'POST' && rest === '/runs') {
      if (found.state !== 'failed') {
        return problem(
          409,
          'review-not-failed',
          `Review ${found.id} is ${found.state}; only a failed one can run again.`,
        );
      }
      this.replace({ ...found, state: 'queued', attempt: found.attempt + 1, steps: [], failure: undefined });
      return { status: 202, body: undefined };
    }
    return problem(404, 'not-found', `There is nothing at /reviews/${found.id}${rest}.`);
  }

  /** Puts a review in the place of the one with its id. */
  replace(changed: Review): void {
    this.reviews = this.reviews.map((candidate) => (candidate.id === changed.id ? changed : candidate));
  }
}

function ok(body: unknown): MockAnswer {
  return { status: 200, body };
}

function problem(status: number, code: string, detail: string): MockAnswer {
  return {
    status,
    body: { type: 'about:blank', title: code, status, detail, code, requestId: '7f3a-41c2-9d10' },
  };
}
