"""Yesterday's takings, for the owner."""

from collections import defaultdict
from datetime import date
from pathlib import Path

from reports.sales import Sale, read_sales


def takings(sales: list[Sale], day: date) -> int:
    """Cents taken on one day."""
    return sum(sale.total_cents for sale in sales if sale.sold_at.date() == day)


def by_cashier(sales: list[Sale]) -> dict[str, int]:
    """Cents taken by each cashier."""
    totals: dict[str, int] = defaultdict(int)
    for sale in sales:
        totals[sale.cashier] += sale.total_cents
    return dict(totals)


def print_report(path: Path, day: date) -> None:
    sales = read_sales(path)
    print(f"{day}: {takings(sales, day) / 100:.2f}")
    for cashier, cents in sorted(by_cashier(sales).items()):
        print(f"  {cashier}: {cents / 100:.2f}")
