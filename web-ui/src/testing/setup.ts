import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { FakeEventSource } from './fake-event-source';
import { platformServer } from './platform-server';

const nothing = () => undefined;

const nearMax = 20;

/** Only so many elements fit near a window. */
class NearObserver {
  static near = 0;
  constructor(private readonly callback: IntersectionObserverCallback) {}
  observe(target: Element) {
    if (++NearObserver.near <= nearMax) {
      this.callback(
        [{ isIntersecting: true, target } as IntersectionObserverEntry],
        this as unknown as IntersectionObserver,
      );
    }
  }
  disconnect = nothing;
}

class StillObserver {
  observe = nothing;
  unobserve = nothing;
  disconnect = nothing;
}

// What jsdom does not have.
vi.stubGlobal('IntersectionObserver', NearObserver);
vi.stubGlobal('ResizeObserver', StillObserver);
vi.stubGlobal('EventSource', FakeEventSource);
vi.stubGlobal('matchMedia', () => ({
  matches: false,
  addEventListener: nothing,
  removeEventListener: nothing,
}));
vi.stubGlobal('scrollTo', () => undefined);
Element.prototype.scrollIntoView = () => undefined;
HTMLCanvasElement.prototype.getContext = () => null;
Element.prototype.hasPointerCapture = () => false;

// A busy machine is no fault of the page.
configure({ asyncUtilTimeout: 5_000 });

beforeAll(() => {
  platformServer.listen({ onUnhandledRequest: 'error' });
});

afterEach(() => {
  cleanup();
  FakeEventSource.reset();
  NearObserver.near = 0;
  localStorage.clear();
});

afterAll(() => {
  platformServer.close();
});
