import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router';
import { ErrorPanel } from '@/components/error-panel';
import { Button } from '@/components/ui/button';
import { LoadingShape } from '@/components/ui/skeleton';
import { sessionQuery, signInAddress } from '@/lib/session';
import { Logo } from './frame/logo';

/** Shows its content to those who are signed in, and the way in to the others. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  if (session.isPending) {
    return (
      <LoadingShape label="Loading Guildhall">
        <div className="grid min-h-dvh place-items-center text-muted">Loading…</div>
      </LoadingShape>
    );
  }
  if (session.isError) {
    return (
      <Alone>
        <ErrorPanel
          what="Guildhall could not be opened"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </Alone>
    );
  }
  return session.data ? children : <SignInPage />;
}

function SignInPage() {
  const { pathname, search, hash } = useLocation();
  return (
    <Alone>
      <title>Sign in · Guildhall</title>
      <div className="text-center">
        <Logo className="mx-auto size-12" />
        <h1 className="mt-4 text-2xl font-semibold">Guildhall</h1>
        <p className="mt-2 text-muted">Reviews of pull requests, made on your company's own machines.</p>
        <Button asChild variant="primary" size="large" className="mt-6 w-full">
          <a href={signInAddress(`${pathname}${search}${hash}`)}>Sign in</a>
        </Button>
        <p className="mt-4 text-xs text-muted">
          You sign in with your company account and come back to this page.
        </p>
      </div>
    </Alone>
  );
}

function Alone({ children }: { children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center bg-surface p-4">
      <div className="w-full max-w-sm rounded border bg-raised p-8">{children}</div>
    </main>
  );
}
