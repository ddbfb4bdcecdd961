import { Component, type ReactNode } from 'react';
import { ErrorPanel } from './error-panel';

interface ErrorBoundaryProps {
  what: string;
  children: ReactNode;
}

/** Keeps the failure of one region from taking the page with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) {
      return this.props.children;
    }
    return (
      <ErrorPanel
        what={this.props.what}
        error={this.state.error}
        onRetry={() => {
          this.setState({ error: undefined });
        }}
      />
    );
  }
}
