const nearMax = 20;

/** Decides what counts as near the window, which jsdom does not know: at first only so many elements fit. */
export class FakeNearObserver {
  static #near = 0;
  static readonly #observed = new Map<Element, FakeNearObserver>();
  readonly #callback: IntersectionObserverCallback;
  #element: Element | undefined;

  constructor(callback: IntersectionObserverCallback) {
    this.#callback = callback;
  }

  /** The reader goes to where only elements that `isNear` accepts are near; each is `height` high. */
  static scroll(isNear: (element: Element) => boolean, height: number): void {
    for (const [element, observer] of FakeNearObserver.#observed) {
      observer.#tell(element, isNear(element), height);
    }
  }

  static reset(): void {
    FakeNearObserver.#near = 0;
    FakeNearObserver.#observed.clear();
  }

  observe(element: Element): void {
    this.#element = element;
    FakeNearObserver.#observed.set(element, this);
    if (++FakeNearObserver.#near <= nearMax) {
      this.#tell(element, true, 0);
    }
  }

  disconnect(): void {
    if (this.#element) {
      FakeNearObserver.#observed.delete(this.#element);
    }
  }

  #tell(target: Element, isIntersecting: boolean, height: number): void {
    const entry = { isIntersecting, target, boundingClientRect: { height } } as IntersectionObserverEntry;
    this.#callback([entry], this as unknown as IntersectionObserver);
  }
}
