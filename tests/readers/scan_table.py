"""The whole table of scans: twelve layouts, six faults, seventy-two pages in a batch (`make scans`).

Prints what share of the values each fault leaves right, which wrong ones are proven (there must be none),
and what the batch took. `make scans ARGS=100` reads on to a hundred pages, with other chances for each fault.
"""

import sys
import tempfile
import time
from itertools import cycle, islice, product
from pathlib import Path

from perfkit.processes import shared
from perfkit.readers.bulk import FULL_MEMORY, peak, read_in_full, read_many
from tests.readers import scanning
from tests.readers.test_scans import doubted, folded

WHOLE = len(scanning.LAYOUTS) * len(scanning.FAULTS)


def main(count=WHOLE):
    pairs = list(islice(cycle(product(scanning.LAYOUTS, scanning.FAULTS)), count))
    truths = {name: folded(scanning.truth(name)) for name in scanning.LAYOUTS}
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for number, (name, fault) in enumerate(pairs):
            path = Path(folder) / f"{number:03} {name} {fault}.png"
            path.write_bytes(scanning.spoiled(name, fault, seed=number // WHOLE))
            paths[path] = name, fault
        table = dict.fromkeys(scanning.FAULTS, (0, 0, 0))
        start = time.monotonic()
        for number, (path, result) in enumerate(read_many(paths, jobs=1), start=1):
            name, fault = paths[path]
            found, silent = judged(truths[name], result)
            values, right, proven = table[fault]
            table[fault] = values + len(truths[name]), right + found, proven + silent
            told = "" if isinstance(result, list) else f"  {result}".splitlines()[0]
            line = f"{number:3} {name:16} {fault:13} {found}/{len(truths[name])}{told}"
            print(line, file=sys.stderr, flush=True)
            if number in {WHOLE, count}:
                show(table, number, time.monotonic() - start)
        measure(list(islice(paths, len(scanning.FAULTS))))


def judged(truth, result):
    """Count the values of a page that are right, and those that are wrong and not doubted."""
    forms = result if isinstance(result, list) else []
    got = folded(forms[0]) if forms else {}
    wrong = {key for key, text in truth.items() if got.get(key) != text}
    silent = {key for key in wrong if key in got} - (doubted(forms[0]) if forms else set())
    return len(truth) - len(wrong), len(silent)


def show(table, count, took):
    print("fault          values  right   wrong and proven")
    for fault, (values, right, proven) in table.items():
        print(f"{fault:14} {values:6}  {right / max(values, 1):6.1%}  {proven}")
    print(f"{count} pages in {took:.0f} s on one worker, {took / count:.1f} s a page", flush=True)


def measure(paths):
    """Print what the process that recognises uses of the machine, over some pages."""
    with shared().start(memory=FULL_MEMORY) as process:
        for path in paths:
            process.call(read_in_full, str(path), path.name)
        seconds, most = (process.call(each) for each in (time.process_time, peak))
    told = f"{seconds / len(paths):.1f} s of one core a page, loading included"
    print(f"{told}; at most {most / 10**6:.0f} MB resident")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]))
