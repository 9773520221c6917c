"""All benchmarks one after the other, each in a process of its own.

python -m benchmarks [--json DIR]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

NAMES = ("risk_curves", "sweep", "sgame", "equilibrium", "growth", "random_games", "stability", "levers")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="directory to write the numbers to, a file for each benchmark")
    directory = parser.parse_args().json
    missed = []
    for name in NAMES:
        print(f"\n{name}", flush=True)
        keep = [] if directory is None else ["--json", str(directory / f"{name}.json")]
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *keep]).returncode:
            missed.append(name)
    print(f"\nBars missed in: {', '.join(missed)}" if missed else "\nAll bars met")
    return 0


if __name__ == "__main__":
    sys.exit(main())
