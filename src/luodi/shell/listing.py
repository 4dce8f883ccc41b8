"""A list of records as a page: sorted, filtered, searched, paged, printed, and as an Excel file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import islice
from typing import Any, cast

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.dispatch import Signal
from django.forms import BaseForm, BooleanField, BoundField, ChoiceField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.shell.cells import sheet_response, text_of
from luodi.shell.columns import Column as Column
from luodi.shell.columns import Text
from luodi.shell.columns import cell_of as cell_of
from luodi.shell.conditions import faults_of, no_such, unknown

PAGE = 50
COLUMNS = "cols"  # the parameter that chooses columns
OPEN = "filters"  # the parameter that opens the filters
OWN = frozenset({"page", "sort", "format", OPEN, COLUMNS})  # what every list's address may say
COUNTED = 10_000  # beyond this many rows a list says "more than": nobody pages so far
PRINTED = PART = 2_000

# Sent when a list leaves as a file or on paper: `name`, `title`, `kind`, `rows` (how many) and
# `filters` (what the address asked for).
exported = Signal()

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: its sort link, and "ascending" / "descending" / "none" for aria-sort."""

    column: Column
    href: str
    order: str


def _in_words(field: BoundField) -> str:
    """A filter in force: its label and its value, as the form would show them."""
    value = field.value()
    if isinstance(field.field, BooleanField):
        return str(field.label)
    if isinstance(field.field, ChoiceField):
        values = value if isinstance(value, list) else [value]
        choices = cast(Iterable[tuple[object, object]], field.field.choices)
        labels = {str(key): str(label) for key, label in choices}
        value = _("、").join(labels.get(str(one), str(one)) for one in values)
    return _("%(label)s：%(value)s") % {"label": field.label, "value": value}


def _units_of(request: HttpRequest) -> list[str]:
    """The names of the units for which the reader reads."""
    actor = getattr(request, "actor", None)
    ids = {held.unit_id for held in getattr(actor, "holdings", ())}
    units = apps.get_model("scope", "Unit")._default_manager.filter(pk__in=ids)
    return [str(one) for one in units.order_by("path")]


def wanted_columns(request: HttpRequest, name: str, columns: Sequence[Column]) -> list[Column]:
    """The columns that the reader has chosen (`cols` in the address, then the session), or all; what
    opens a row always stays."""
    session = getattr(request, "session", None)
    asked: list[str] | None = None
    if COLUMNS in request.GET:
        asked = request.GET.getlist(COLUMNS)
        if session is not None:
            session[f"{COLUMNS}:{name}"] = asked
    elif session is not None:
        asked = session.get(f"{COLUMNS}:{name}")
    if not asked:
        return list(columns)
    chosen = [one for one in columns if one.name in asked or one.phone == "title"]
    return chosen if any(one.name in asked for one in chosen) else list(columns)


class Listing:
    """What `shell/listing.html` shows of a queryset for a request.

    `filters` makes a form from the address: with a method `apply(queryset)` it filters itself,
    otherwise every filled field filters by its own name. `search(queryset, text)` serves the
    search box. `show(keys)` gives what the columns are shown of, by key, where that is not the model's
    rows themselves. `default_sort` names a column (or a field), with `-` for descending. `pick`
    is the id of a form on the page that takes the ticked rows as `pick`. `title` heads print and
    file; `sheet` are the file's columns where it holds more than the page, and `sheet_show` what
    they are shown of. Which columns a reader wants is kept for the session. `also` are parameters
    that the page itself reads; an address with any other, or with a value that a filter does not
    know, shows no rows and says why (`refusal`).
    """

    def __init__(
        self,
        request: HttpRequest,
        queryset: Rows,
        *,
        columns: Sequence[Column],
        default_sort: str,
        name: str = "list",
        filters: Callable[[QueryDict], BaseForm] | None = None,
        search: Callable[[Rows, str], Rows] | None = None,
        show: Callable[[Sequence[Any]], Mapping[Any, Any]] | None = None,
        empty: Text = "",
        title: Text = "",
        sheet: Sequence[Column] = (),
        sheet_show: Callable[[Sequence[Any]], Mapping[Any, Any]] | None = None,
        pick: str = "",
        also: Iterable[str] = (),
        page_size: int = PAGE,
    ) -> None:
        self.request, self.base, self.every = request, queryset, list(columns)
        self.sheet, self.sheet_show = list(sheet) or self.every, sheet_show or show
        self.default_sort, self.name, self.pick = default_sort, name, pick
        self.form = filters(request.GET) if filters else None
        self.search, self.show, self.empty, self.page_size = search, show, empty, page_size
        self.title = title or queryset.model._meta.verbose_name or name
        self.id = f"listing-{name}"
        self.known = {*OWN, *also, *(self.form.fields if self.form else ())}
        self.known |= {"q"} if search else set()
        self.columns = wanted_columns(request, name, self.every)
        self.text = request.GET.get("q", "").replace("\0", "").strip()[:200] if search else ""

    # --- which rows ---------------------------------------------------------------------------

    @cached_property
    def refusal(self) -> str:
        """Why nothing is shown: a condition that cannot be understood; "" where all can."""
        if strange := unknown(self.request.GET, self.known):
            return no_such(strange)
        if self.form is None or self.form.is_valid():
            return ""
        return faults_of(self.form)

    @cached_property
    def wanted(self) -> Rows:
        """All rows that the address asks for."""
        if self.refusal:
            return self.base.none()
        rows = self._filtered(self.base, self.form) if self.form is not None else self.base
        return self.search(rows, self.text) if self.search and self.text else rows

    @cached_property
    def queryset(self) -> Rows:
        """All rows that the address asks for, in its order."""
        return self.wanted if self.refusal else self.wanted.order_by(*self._order())

    def _filtered(self, rows: Rows, form: BaseForm) -> Rows:
        apply = getattr(form, "apply", None)
        if apply:
            return apply(rows)  # type: ignore[no-any-return]
        wanted = {k: v for k, v in form.cleaned_data.items() if v not in (None, "")}
        return rows.filter(**wanted)

    @cached_property
    def sort(self) -> str:
        """The sort in force: the address's if it names a column that may be sorted by."""
        asked = self.request.GET.get("sort", "")
        allowed = {column.name for column in self.columns if column.sort}
        return asked if asked.removeprefix("-") in allowed else self.default_sort

    def _order(self) -> list[str]:
        """The sort and, so that pages never overlap, the key: in one direction, as an index runs."""
        sign = "-" if self.sort.startswith("-") else ""
        name = self.sort.removeprefix("-")
        field = next((c.sort for c in self.columns if c.name == name and c.sort), name)
        if field.startswith("-"):
            sign, field = "" if sign else "-", field[1:]
        return [sign + field] if field in {"id", "pk"} else [sign + field, sign + "pk"]

    # --- which page ---------------------------------------------------------------------------

    @cached_property
    def count(self) -> int:
        """How many rows there are; exact up to COUNTED, and COUNTED + 1 for more."""
        return self._passed[0]

    @cached_property
    def _passed(self) -> tuple[int, list[Any]]:
        """The count, and the keys of the page asked for: one pass over the rows, as far as COUNTED.

        The keys are only right where there are no more rows than that, and the page is there.
        """
        if self.refusal:
            return 0, []
        first = self._order()[0]
        name, way = first.removeprefix("-"), "DESC" if first.startswith("-") else "ASC"
        rows = self.queryset.order_by().values_list("pk", *({name} - {"pk", "id"}))[: COUNTED + 1]
        columns, by = (
            ("key", f"key {way}")
            if name in {"pk", "id"}
            else ("key, sort", f"sort {way}, key {way}")
        )
        try:
            inner, params = rows.query.sql_with_params()
        except EmptyResultSet:
            return 0, []
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH found ({columns}) AS MATERIALIZED ({inner}) SELECT (SELECT count(*) FROM"  # noqa: S608 - constants
                f" found), ARRAY(SELECT key FROM found ORDER BY {by} LIMIT %s OFFSET %s)",
                [*params, self.page_size, (self._asked - 1) * self.page_size],
            )
            count, keys = cursor.fetchone()
        return count, keys

    @property
    def many(self) -> bool:
        return self.count > COUNTED

    @property
    def total(self) -> str:
        if self.many:
            return _("%(count)s 条以上") % {"count": f"{COUNTED:,}"}
        return _("共 %(count)s 条") % {"count": f"{self.count:,}"}

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.count, COUNTED) // self.page_size))

    @property
    def _asked(self) -> int:
        asked = self.request.GET.get("page", "1")
        return max(int(asked), 1) if asked.isdecimal() and len(asked) < 9 else 1

    @property
    def number(self) -> int:
        return min(self._asked, self.pages)

    @cached_property
    def rows(self) -> list[Any]:
        """The page's rows: their keys first, so that the database sorts keys, not whole rows with
        all that belongs to them, and then these rows."""
        keys = self._passed[1]
        if self.many or self.number != self._asked:
            start = (self.number - 1) * self.page_size
            keys = list(self.queryset.values_list("pk", flat=True)[start : start + self.page_size])
        return self._shown(keys)

    def _shown(self, keys: list[Any]) -> list[Any]:
        found = self.show(keys) if self.show else self.queryset.order_by().in_bulk(keys)
        return [found[key] for key in keys if key in found]

    # --- what the template shows ----------------------------------------------------------------

    @property
    def searchable(self) -> bool:
        """Whether there is a search box; a template would call `search` itself."""
        return self.search is not None

    def lines(self) -> Iterator[SafeString]:
        """Each row of the page as the cells of a table's line."""
        cells, pick = [cell_of(column) for column in self.columns], _("选择")
        for row in self.rows:
            box = self._box(row, pick) if self.pick else ""
            yield mark_safe(box + "".join([write(row) for write in cells]))  # noqa: S308 - each part is escaped

    def _box(self, row: Any, label: str) -> str:
        """The cell in which a row is ticked."""
        return (
            '<td role="cell" class="pick"><input class="form-check-input" type="checkbox"'
            f' name="pick" value="{escape(str(row.pk))}" form="{escape(self.pick)}"'
            f' aria-label="{escape(f"{label} {row}")}"></td>'
        )

    def headings(self) -> Iterator[Heading]:
        current, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        for column in self.columns:
            here = column.name == current
            href = f"{'-' if here and not descending else ''}{column.name}"
            order = ("descending" if descending else "ascending") if here else "none"
            yield Heading(column, self.address(sort=href, page=None) if column.sort else "", order)

    def address(self, **changes: object) -> str:
        """This page's address with parameters changed; None removes one."""
        query = self.request.GET.copy()
        query.pop(COLUMNS, None)
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = str(value)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def rest(self) -> list[tuple[str, str]]:
        """All that the address says but the columns and the page, for hidden inputs."""
        gone = {COLUMNS, "page", "format"}
        return [(k, v) for k, several in self.request.GET.lists() if k not in gone for v in several]

    def choices(self) -> list[tuple[Column, bool]]:
        """Every column, and whether it is shown."""
        return [(one, one in self.columns) for one in self.every]

    def excel(self) -> str:
        return self.address(format="xlsx", page=None)

    def printing(self) -> str:
        return self.address(format="print", page=None)

    def previous(self) -> str:
        return self.address(page=self.number - 1) if self.number > 1 else ""

    def next(self) -> str:
        return self.address(page=self.number + 1) if self.number < self.pages else ""

    def clear(self) -> str:
        """The address without filters and search; "" where there are none."""
        own = {*(self.form.fields if self.form else ()), *unknown(self.request.GET, self.known)}
        asked = [key for key in (*own, "q") if any(self.request.GET.getlist(key))]
        return self.address(**dict.fromkeys((*own, "q", "page"))) if asked else ""

    @property
    def filtering(self) -> bool:
        """Whether the filters stand open: asked for, or with a field in error.

        They are written only then; what is in force stands as `chips` in any case.
        """
        if self.form is None:
            return False
        return bool(self.request.GET.get(OPEN) or self.form.errors)

    def open(self) -> str:
        """The address with the filters open."""
        return self.address(**{OPEN: "1"})

    def chips(self) -> Iterator[tuple[str, str]]:
        """Each filter in force in words, and the address without it."""
        for name in self.form.fields if self.form else ():
            if any(self.request.GET.getlist(name)) and not self.form[name].is_hidden:  # type: ignore[index]
                yield _in_words(self.form[name]), self.address(**{name: None, "page": None})  # type: ignore[index]

    def kept(self) -> list[tuple[str, str]]:
        """What else the address says, for hidden inputs of the search and filter form."""
        shown = self.form.fields if self.form and self.filtering else ()
        own = {"q", "page", "format", OPEN, COLUMNS, *shown}
        return [
            (key, value)
            for key, values in self.request.GET.lists()
            if key in self.known and key not in own
            for value in values
        ]

    # --- what leaves ----------------------------------------------------------------------------

    def export(self) -> HttpResponseBase | None:
        """The file or the print view where the address asks for one (`?format=xlsx`, `print`).

        Raises UserError for a condition that cannot be understood.
        """
        asked = self.request.GET.get("format")
        if asked and self.refusal:
            raise UserError(self.refusal)
        match asked:
            case "xlsx":
                return self._excel()
            case "print":
                return self._print()
        return None

    def file(self) -> HttpResponseBase:
        """All rows as an Excel file, whatever the address asks for."""
        return self._excel()

    def _excel(self) -> HttpResponseBase:
        response, written = sheet_response(
            str(self.title),
            [str(column.label) for column in self.sheet],
            ([column.exported_of(row) for column in self.sheet] for row in self._all()),
            widths=[one.width or max(12, 2 * len(str(one.label)) + 4) for one in self.sheet],
            about=self.about(),
        )
        self._tell("xlsx", written)
        return response

    def _all(self) -> Iterator[Any]:
        """Every row, a part at a time."""
        if self.sheet_show is None:
            yield from self.queryset.iterator(chunk_size=PART)
            return
        keys = self.queryset.values_list("pk", flat=True).iterator(chunk_size=PART)
        while part := list(islice(keys, PART)):
            found = self.sheet_show(part)
            yield from (found[key] for key in part if key in found)

    def about(self) -> list[str]:
        """Whose list it is, narrowed how, and of which day: for paper and file."""
        held = _units_of(self.request)
        said = [words for words, _without in self.chips()]
        if self.text:
            said.append(_("搜索：%(text)s") % {"text": self.text})
        return [
            *([_("单位：%(units)s") % {"units": _("、").join(held)}] if held else []),
            *said,
            _("导出时间：%(at)s") % {"at": text_of(timezone.now())},
        ]

    def _print(self) -> HttpResponse:
        self.page_size = PRINTED
        self._tell("print", len(self.rows))
        return render(self.request, "shell/print.html", {"listing": self})

    def _tell(self, kind: str, rows: int) -> None:
        filters = {k: v for k, v in self.request.GET.items() if v and k not in {"format", "page"}}
        about = {"name": self.name, "title": str(self.title), "kind": kind, "rows": rows}
        exported.send(Listing, request=self.request, filters=filters, **about)
