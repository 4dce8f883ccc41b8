"""Ledgers in and out of Excel: template, export, what a file was understood as, rows, error file.

table = open_table(fp, sheet, answers)     # which sheets, header rows, columns; what is asked
for row in table.rows(): ...               # good, bad and left out, one after the other
"""

from luodi.lib.excel.asking import Answers, Question
from luodi.lib.excel.columns import CellProblem, Choice, Column, FileError, Kind, Sheet
from luodi.lib.excel.guard import Limits, guard
from luodi.lib.excel.marks import origin_of
from luodi.lib.excel.reading import Row, Table, open_table, read
from luodi.lib.excel.writing import ErrorFile, Writer, export, write_template

__all__ = [
    "Answers",
    "CellProblem",
    "Choice",
    "Column",
    "ErrorFile",
    "FileError",
    "Kind",
    "Limits",
    "Question",
    "Row",
    "Sheet",
    "Table",
    "Writer",
    "export",
    "guard",
    "open_table",
    "origin_of",
    "read",
    "write_template",
]
