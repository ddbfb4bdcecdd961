export interface Item {
  id: string;
  cents: number;
  quantity: number;
}

export interface Store {
  load(id: string): Promise<Item | undefined>;
  save(item: Item): Promise<void>;
}

/** The sum of all items in cents; 0 for an empty cart. */
export function total(items: Item[]): number {
  return items.reduce((sum, item) => sum + item.cents * item.quantity, 0);
}

/** The highest price in the cart. */
export function highestPrice(items: Item[]): number {
  return items.map((item) => item.cents).reduce((a, b) => (a > b ? a : b));
}

/** Sets the quantity of a stored item. */
export async function setQuantity(store: Store, id: string, quantity: number): Promise<void> {
  const item = await store.load(id);
  item!.quantity = quantity;
  await store.save(item!);
}

/** Sets the price of a stored item; does nothing where it is not stored. */
export async function setPrice(store: Store, id: string, cents: number): Promise<void> {
  const item = await store.load(id);
  if (item === undefined) {
    return;
  }
  await store.save({ ...item, cents });
}

/** Saves all items and returns when they are stored. */
export async function saveAll(store: Store, items: Item[]): Promise<void> {
  items.forEach(async (item) => {
    await store.save(item);
  });
}

/** Saves all items side by side and returns when they are stored. */
export async function saveTogether(store: Store, items: Item[]): Promise<void> {
  await Promise.all(items.map((item) => store.save(item)));
}

/** A new list, the most expensive item first. */
export function byPrice(items: Item[]): Item[] {
  return [...items].sort((a, b) => b.cents - a.cents);
}

/** Whether delivery is free: from 50 euros on. */
export function freeDelivery(items: Item[]): boolean {
  return total(items) > 5000;
}
