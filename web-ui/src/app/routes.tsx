import { Navigate, type RouteObject } from 'react-router';
import { RepositoriesPage } from '@/features/repositories/repositories-page';
import { ReviewPage } from '@/features/reviews/review-page';
import { ReviewsPage } from '@/features/reviews/reviews-page';
import { Frame } from './frame/frame';
import { NotFoundPage } from './not-found-page';
import { RouteError } from './route-error';
import { SignedIn } from './signed-in';

export const routes: RouteObject[] = [
  {
    element: (
      <SignedIn>
        <Frame />
      </SignedIn>
    ),
    errorElement: <RouteError />,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, element: <Navigate to="/reviews" replace /> },
          { path: 'reviews', element: <ReviewsPage /> },
          { path: 'reviews/:id', element: <ReviewPage /> },
          { path: 'repositories', element: <RepositoriesPage /> },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
];
