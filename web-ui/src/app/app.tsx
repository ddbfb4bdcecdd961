import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { TooltipProvider } from '@/components/ui/tooltip';
import { ShortcutProvider } from '@/lib/shortcuts';
import { createQueryClient } from './query-client';
import { routes } from './routes';

export function App() {
  const [client] = useState(createQueryClient);
  const [router] = useState(() => createBrowserRouter(routes));
  return (
    <QueryClientProvider client={client}>
      <TooltipProvider delayDuration={400}>
        <ShortcutProvider>
          <RouterProvider router={router} />
        </ShortcutProvider>
      </TooltipProvider>
    </QueryClientProvider>
  );
}
