import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { Link, useLocation, useMatch } from 'react-router';
import { MiddleCut } from '@/components/ui/middle-cut';
import { reviewQuery } from '@/features/reviews/api/get-review';
import { pages } from './pages';

/** Where the reader is. */
export function Breadcrumb() {
  const { pathname } = useLocation();
  const page = pages.find(({ path }) => pathname.startsWith(path));
  const id = Number(useMatch('/reviews/:id')?.params.id);
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1 text-sm">
        {page && (
          <li className="shrink-0">
            <Link
              to={page.path}
              aria-current={pathname === page.path ? 'page' : undefined}
              className="rounded px-1 py-0.5 font-medium text-muted hover:text-text aria-[current]:text-text"
            >
              {page.name}
            </Link>
          </li>
        )}
        {Number.isSafeInteger(id) && (
          <li className="flex min-w-0 items-center gap-1">
            <ChevronRight aria-hidden className="size-3.5 shrink-0 text-muted" />
            <ReviewCrumb id={id} />
          </li>
        )}
      </ol>
    </nav>
  );
}

function ReviewCrumb({ id }: { id: number }) {
  const { data } = useQuery(reviewQuery(id));
  return (
    <span aria-current="page" className="flex min-w-0 px-1 font-medium">
      <MiddleCut text={data ? `${data.repository.name} #${data.number}` : `#${id}`} />
    </span>
  );
}
