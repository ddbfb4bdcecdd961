import { Money } from "./money";
import type { Customer } from "./customer";

export type CartId = string;

export interface CartLine {
  article: string;
  count: number;
  price: Money;
}

/** Adds what the lines cost. */
export const totalOf = (lines: CartLine[]): Money => {
  return lines.reduce((sum, line) => sum.plus(line.price.times(line.count)), Money.zero());
};

export default class Cart {
  private readonly lines: CartLine[] = [];

  constructor(private readonly customer: Customer) {}

  @Logged()
  add(line: CartLine): void {
    const present = this.lines.find((candidate) => candidate.article === line.article);
    if (present) {
      present.count += line.count;
    } else {
      this.lines.push(line);
    }
  }

  get total(): Money {
    return totalOf(this.lines).minus(this.customer.discount);
  }
}

export namespace Carts {
  export function empty(customer: Customer): Cart {
    return new Cart(customer);
  }
}

describe("Cart", () => {
  it("counts equal articles together", () => {
    const cart = new Cart(someone);
    cart.add(apple);
    cart.add(apple);
    expect(cart.total).toEqual(apple.price.times(2));
  });
});
