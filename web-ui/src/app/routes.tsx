import { Navigate, type RouteObject } from 'react-router';
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
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, element: <Navigate to="/reviews" replace /> },
          {
            path: 'reviews',
            lazy: async () => ({ Component: (await import('@/features/reviews/reviews-page')).ReviewsPage }),
          },
          {
            path: 'reviews/:id',
            lazy: async () => ({ Component: (await import('@/features/reviews/review-page')).ReviewPage }),
          },
          {
            path: 'repositories',
            lazy: async () => ({
              Component: (await import('@/features/repositories/repositories-page')).RepositoriesPage,
            }),
          },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
];
