export interface Page {
  url: string;
  title: string;
  visits: number;
  updated?: Date;
}

export interface Index {
  find(word: string): Promise<Page[]>;
  touch(url: string): Promise<void>;
}

/** The page with this address. */
export function titleOf(pages: Page[], url: string): string {
  return pages.find((page) => page.url === url)!.title;
}

/** The title of the page with this address, or the address itself. */
export function titleOrUrl(pages: Page[], url: string): string {
  return pages.find((page) => page.url === url)?.title ?? url;
}

/** Visits of a page on average; 0 where there is no page. */
export function averageVisits(pages: Page[]): number {
  if (pages.length === 0) return 0;
  return pages.reduce((sum, page) => sum + page.visits, 0) / pages.length;
}

/** Part of all visits that went to a page, from 0 to 1. */
export function share(page: Page, pages: Page[]): number {
  const all = pages.reduce((sum, other) => sum + other.visits, 0);
  return page.visits / all;
}

/** The most visited pages, the most visited first. The list that is passed stays as it is. */
export function popular(pages: Page[], count: number): Page[] {
  return pages.sort((a, b) => b.visits - a.visits).slice(0, count);
}

/** Pages of one screen; the first screen is number 1. */
export function screen(pages: Page[], number: number, size: number): Page[] {
  return pages.slice(number * size, (number + 1) * size);
}

/** Whether a page was updated after the day; a page without a date was not. */
export function updatedAfter(page: Page, day: Date): boolean {
  return page.updated !== undefined && page.updated.getTime() > day.getTime();
}

/** Pages for all of the words. */
export async function findAll(index: Index, words: string[]): Promise<Page[]> {
  const results = await Promise.all(words.map((word) => index.find(word)));
  return results.flat();
}

/** Marks pages as read; the promise ends when all are marked. */
export async function markRead(index: Index, pages: Page[]): Promise<void> {
  for (const page of pages) {
    index.touch(page.url);
  }
}

/** Parses a page number from the address bar; 1 where it is none. */
export function pageNumber(text: string): number {
  const number = Number.parseInt(text, 10);
  return Number.isNaN(number) || number < 1 ? 1 : number;
}
