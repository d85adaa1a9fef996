"""How long our functions are: the median, the 90th percentile, the five longest.

The models that we learn from have a median of 4 to 8 lines and a 90th percentile of 11 to 33.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("app.py", "catalogue", "harvesters", "examples", "benchmarks")


def functions() -> Iterator[tuple[int, str]]:
    """(lines, place) of every function outside the tests."""
    for room in ROOMS:
        start = ROOT / room
        for path in [start] if start.is_file() else sorted(start.rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = (node.end_lineno or node.lineno) - node.lineno + 1
                    yield length, f"{path.relative_to(ROOT)}:{node.name}"


def main() -> None:
    """Print the figures."""
    found = sorted(functions())
    lengths = [length for length, _ in found]
    middle, ninetieth = lengths[len(lengths) // 2], lengths[int(len(lengths) * 0.9)]
    print(f"{len(found)} functions: median {middle} lines, 90th percentile {ninetieth}")
    for length, place in reversed(found[-5:]):
        print(f"  {length:4} {place}")


if __name__ == "__main__":
    main()
