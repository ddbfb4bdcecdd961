import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { FakeEventSource } from './fake-event-source';
import { platformServer } from './platform-server';

// What jsdom does not have. Everything counts as near the window.
class NearObserver {
  constructor(private readonly callback: IntersectionObserverCallback) {}
  observe(target: Element) {
    this.callback(
      [{ isIntersecting: true, target } as IntersectionObserverEntry],
      this as unknown as IntersectionObserver,
    );
  }
  disconnect() {}
}

class StillObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

vi.stubGlobal('IntersectionObserver', NearObserver);
vi.stubGlobal('ResizeObserver', StillObserver);
vi.stubGlobal('EventSource', FakeEventSource);
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
vi.stubGlobal('scrollTo', () => undefined);
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.hasPointerCapture = () => false;

beforeAll(() => {
  platformServer.listen({ onUnhandledRequest: 'error' });
});

afterEach(() => {
  cleanup();
  FakeEventSource.reset();
  localStorage.clear();
});

afterAll(() => {
  platformServer.close();
});
