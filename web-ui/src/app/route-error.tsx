import { useRouteError } from 'react-router';
import { ErrorPanel } from '@/components/error-panel';

/** What is shown where a page could not be shown. */
export function RouteError() {
  return (
    <ErrorPanel
      what="This page cannot be shown"
      error={useRouteError()}
      onRetry={() => {
        window.location.reload();
      }}
    />
  );
}
