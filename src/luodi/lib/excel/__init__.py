"""Ledgers in and out of Excel: template, export, dry run, rows, error file.

report = check(fp, sheet)                            # a dry run
for row in read(fp, sheet): ...                      # then the rows themselves
write_error_file(sheet, read(fp, sheet), out)        # or the bad ones, to be corrected
"""

from luodi.lib.excel.columns import CellProblem, Choice, Column, FileError, Kind, Sheet
from luodi.lib.excel.guard import Limits, guard
from luodi.lib.excel.reading import Report, Row, check, read
from luodi.lib.excel.writing import export, write_error_file, write_template

__all__ = [
    "CellProblem",
    "Choice",
    "Column",
    "FileError",
    "Kind",
    "Limits",
    "Report",
    "Row",
    "Sheet",
    "check",
    "export",
    "guard",
    "read",
    "write_error_file",
    "write_template",
]
