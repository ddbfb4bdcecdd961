import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { FakeEventSource } from './fake-event-source';
import { FakeNearObserver } from './fake-near-observer';
import { platformServer } from './platform-server';

const nothing = () => undefined;

class StillObserver {
  observe = nothing;
  unobserve = nothing;
  disconnect = nothing;
}

// What jsdom does not have.
vi.stubGlobal('IntersectionObserver', FakeNearObserver);
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
  FakeNearObserver.reset();
  localStorage.clear();
});

afterAll(() => {
  platformServer.close();
});
