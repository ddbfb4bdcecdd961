import type { ReviewFilter } from '../api/get-reviews';
import type { ReviewPage, ReviewSummary } from '../api/schemas';

/** The page of reviews after one changed: in its place, in front where it is new, away where the filter ends it. */
export function mergeReview(page: ReviewPage, review: ReviewSummary, filter: ReviewFilter): ReviewPage {
  const fits =
    (!filter.state || filter.state === review.state) &&
    (!filter.repositoryId || filter.repositoryId === review.repository.id);
  const known = page.items.some(({ id }) => id === review.id);
  if (known) {
    return {
      ...page,
      items: fits
        ? page.items.map((item) => (item.id === review.id ? review : item))
        : page.items.filter(({ id }) => id !== review.id),
      total: fits ? page.total : page.total - 1,
    };
  }
  // A review that is older than this page's first one belongs to another page.
  if (!fits || filter.page > 0 || page.items.some(({ id }) => id > review.id)) {
    return page;
  }
  return { ...page, items: [review, ...page.items].slice(0, page.size), total: page.total + 1 };
}
