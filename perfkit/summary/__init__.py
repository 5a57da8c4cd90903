"""The department's summary of self-evaluations (自评情况汇总): what a bureau reads out, and its four tables.

`Summary` gives the parts that notebooks/portfolio_report.ipynb shows; `make` runs that notebook over a folder
of reports and writes HTML, PDF and Word, and a workbook with a sheet for each table.
"""

from __future__ import annotations

from perfkit.summary.department import FORMATS, Summary, make

__all__ = ["FORMATS", "Summary", "make"]
