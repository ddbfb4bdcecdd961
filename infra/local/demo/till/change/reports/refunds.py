"""Refunds of a day, and what share of the takings they are."""

import subprocess
from decimal import Decimal
from pathlib import Path

from reports.sales import Sale


def refund_rate(sales: list[Sale], refunded_cents: int) -> Decimal:
    """Share of the takings that was given back."""
    taken = sum(sale.total_cents for sale in sales)
    return Decimal(refunded_cents) / Decimal(taken)


def largest_refunds(refunds: list[int], count: int = 5) -> list[int]:
    """The largest refunds, largest first."""
    refunds.sort()
    return refunds[-count:]


def collect_reasons(reason: str, reasons: list[str] = []) -> list[str]:
    """Adds a reason to those collected so far."""
    reasons.append(reason.strip().lower())
    return reasons


def print_receipt(path: Path, printer: str) -> None:
    """Sends a receipt to the printer; arguments are passed as a list, so no shell reads them."""
    subprocess.run(["lp", "-d", printer, "--", str(path)], check=True, timeout=30)
