"""A contract for import-linter: other apps import only an app's `api`.

Its reason: what an app offers then stands in one place, and all else may change.
"""

from __future__ import annotations

from importlinter import Contract, ContractCheck, fields, output


class OnlyApi(Contract):
    """Between the apps of `packages`, and from outside, only `<app>.api` is imported.

    `open_modules`: what else may be imported of every app (its manifest, which start-up finds).
    `open_importers`: modules that stand above all apps and may look into them, each with its reason
    in the configuration.
    """

    type_name = "only_api"

    packages = fields.ListField(subfield=fields.StringField())
    open_modules = fields.ListField(subfield=fields.StringField())
    open_importers = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph, verbose):  # type: ignore[no-untyped-def]
        bypasses = sorted(
            f"{importer} -> {imported}"
            for imported in graph.modules
            if (app := self._app(imported)) and not self._is_open(imported, app)
            for importer in graph.find_modules_that_directly_import(imported)
            if self._app(importer) != app and not self._may_look(importer)
        )
        return ContractCheck(kept=not bypasses, metadata={"bypasses": bypasses})

    def render_broken_contract(self, check):  # type: ignore[no-untyped-def]
        for one in check.metadata["bypasses"]:
            output.print_error(f"{one}: import it from the app's api", bold=False)

    def _app(self, module: str) -> str:
        """`luodi.rooms.casework` of any of its modules; "" for what is in no app."""
        for package in self.packages:  # type: ignore[attr-defined]
            if module.startswith(f"{package}."):
                return f"{package}.{module[len(package) + 1 :].partition('.')[0]}"
        return ""

    def _is_open(self, module: str, app: str) -> bool:
        inner = module[len(app) + 1 :].partition(".")[0]
        return inner in self.open_modules  # type: ignore[attr-defined]

    def _may_look(self, importer: str) -> bool:
        parts = set(importer.split("."))
        return bool(parts & {"tests", "migrations"}) or importer.startswith(
            tuple(self.open_importers)  # type: ignore[attr-defined]
        )
