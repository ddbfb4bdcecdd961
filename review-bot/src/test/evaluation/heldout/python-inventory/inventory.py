"""Stock of a warehouse."""

import csv
import json
import logging
import re
from pathlib import Path

log = logging.getLogger(__name__)
SKU = re.compile(r"^([A-Z]{3})-(\d{4})$")


def family(sku: str) -> str:
    """The letters of an article's number."""
    return SKU.match(sku).group(1)


def is_sku(text: str) -> bool:
    """Whether the text is an article's number."""
    return SKU.match(text) is not None


def days_left(stock: int, sold_per_day: float) -> float:
    """How many days the stock lasts."""
    return stock / sold_per_day


def turnover(sold: int, average_stock: float) -> float:
    """How often the stock was sold."""
    return sold / average_stock if average_stock else 0.0


def oldest(deliveries: list[dict]) -> dict:
    """The delivery that arrived first."""
    return sorted(deliveries, key=lambda delivery: delivery["arrived"])[0]


def newest_first(deliveries: list[dict]) -> list[dict]:
    """Deliveries, the newest first."""
    return sorted(deliveries, key=lambda delivery: delivery["arrived"], reverse=True)


def scarce(stock: dict[str, int], limit: int) -> list[str]:
    """Articles of which there are at most `limit`, in alphabetical order."""
    return sorted(sku for sku, count in stock.items() if count < limit)


def read_stock(path: Path) -> dict[str, int]:
    """Stock by article out of a CSV file with the columns sku and count."""
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["sku"]: int(row["count"]) for row in csv.DictReader(lines)}


def read_settings(path: Path) -> dict:
    """The settings; the defaults where there is no file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        log.info("no settings in %s, using the defaults", path)
        return {"limit": 10}


def write_report(path: Path, lines: list[str]) -> None:
    """Writes the lines to a file."""
    report = open(path, "w", encoding="utf-8")
    for line in lines:
        report.write(line + "\n")


def remove_empty(stock: dict[str, int]) -> None:
    """Takes out articles of which there are none."""
    for sku in stock:
        if stock[sku] == 0:
            del stock[sku]


def merged(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """The stock of two warehouses together; neither of them is changed."""
    total = dict(one)
    for sku, count in other.items():
        total[sku] = total.get(sku, 0) + count
    return total
