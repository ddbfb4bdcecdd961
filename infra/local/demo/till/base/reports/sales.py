"""Reads sales from the till's export: one JSON object a line."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Sale:
    id: str
    cashier: str
    total_cents: int
    sold_at: datetime


def read_sales(path: Path) -> list[Sale]:
    sales = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            sales.append(
                Sale(row["id"], row["cashier"], row["total_cents"], datetime.fromisoformat(row["sold_at"]))
            )
    return sales
