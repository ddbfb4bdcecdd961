"""The till of a shop."""

import os
from dataclasses import dataclass

TAX_RATE = 0.19
CURRENCY = "EUR"


@dataclass
class Order:
    """What a customer wants."""

    identifier: str
    cents: int = 0

    def total(self):
        return round(self.cents * (1 + TAX_RATE))

    @property
    def is_free(self) -> bool:
        return self.cents == 0

    def describe(self, verbose=False):
        lines = [f"order {self.identifier}"]
        if verbose:
            lines.append(f"cents {self.cents}")
            lines.append(f"total {self.total()} {CURRENCY}")
        return "\n".join(lines)


# Reads every order of a directory;
# files that are no orders are left out.
def read_orders(directory):
    def is_order(name):
        return name.endswith(".order")

    for name in sorted(filter(is_order, os.listdir(directory))):
        with open(os.path.join(directory, name)) as file:
            yield Order(name, int(file.read()))


if __name__ == "__main__":
    for order in read_orders("."):
        print(order.describe(verbose=True))
