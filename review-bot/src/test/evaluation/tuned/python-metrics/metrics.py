"""Response times of a web server."""

import statistics
from dataclasses import dataclass


@dataclass
class Request:
    path: str
    millis: int
    user: dict | None


def error_share(errors: int, requests: int) -> float:
    """Share of the requests that failed; 0.0 where there was no request."""
    if requests == 0:
        return 0.0
    return errors / requests


def throughput(requests: list[Request], seconds: float) -> float:
    """Requests a second."""
    return len(requests) / seconds


def slowest(requests: list[Request], count: int) -> list[Request]:
    """The slowest requests, the slowest first."""
    return sorted(requests, key=lambda request: request.millis)[:count]


def fastest(requests: list[Request], count: int) -> list[Request]:
    """The fastest requests, the fastest first."""
    return sorted(requests, key=lambda request: request.millis)[:count]


def median_millis(requests: list[Request]) -> float:
    """The median; there must be a request."""
    if not requests:
        raise ValueError("there is no request")
    return statistics.median(request.millis for request in requests)


def user_name(request: Request) -> str:
    """The name of the user, or an empty text for a visitor without an account."""
    return request.user["name"]


def user_city(request: Request) -> str:
    """The city of the user, or an empty text for a visitor without an account."""
    if request.user is None:
        return ""
    return request.user.get("city", "")


def gaps(times: list[int]) -> list[int]:
    """Differences between neighbouring times."""
    return [times[i + 1] - times[i] for i in range(len(times))]


def count_by_path(requests: list[Request]) -> dict[str, int]:
    """How often each path was asked for."""
    counts: dict[str, int] = {}
    for request in requests:
        counts[request.path] = counts.get(request.path, 0) + 1
    return counts
