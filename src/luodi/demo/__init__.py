"""The demonstration zone: the one that the founding page describes, built by the users' own verbs.

Organisations that the page names appear under their names, with what the page says of them and
nothing else. Every person and every case is invented and marked 示例; cases belong to invented
enterprises. Figures are counted from rows, never stored.
"""

from luodi.demo.build import build, is_built
from luodi.demo.facts import Verdict, check
from luodi.rooms.directory.demo import PASSWORD

__all__ = ["PASSWORD", "Verdict", "build", "check", "is_built"]
