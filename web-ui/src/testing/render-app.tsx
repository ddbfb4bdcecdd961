import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { createQueryClient } from '@/app/query-client';
import { routes } from '@/app/routes';
import { TooltipProvider } from '@/components/ui/tooltip';
import { ShortcutProvider } from '@/lib/shortcuts';
import { MockPlatform } from './mock-platform';
import { answerFrom } from './platform-server';

/** The whole app at an address, before a platform that the test may prepare. */
export function renderApp(path: string, prepare: (platform: MockPlatform) => void = () => undefined) {
  const platform = new MockPlatform();
  prepare(platform);
  answerFrom(platform);
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={createQueryClient()}>
      <TooltipProvider>
        <ShortcutProvider>
          <RouterProvider router={router} />
        </ShortcutProvider>
      </TooltipProvider>
    </QueryClientProvider>,
  );
  return { platform, user, address: () => router.state.location.pathname + router.state.location.search };
}
