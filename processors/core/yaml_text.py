"""A tree as YAML text that reads back as the same tree, with as few quotes as that allows."""

import re
from typing import Any

import yaml

from processors.core.yaml_tree import Tree

LINE_WIDTH = 100


class _Dumper(yaml.SafeDumper):
    """Writes text plainly wherever our reader, which reads every scalar as text, takes it so."""

    def ignore_aliases(self, _data: Any) -> bool:
        """What stands in two places is written twice."""
        return True


_Dumper.yaml_implicit_resolvers = {}
_Dumper.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(~|null|)$"), ["~", "n", ""])


def yaml_of(tree: Tree, *, flow: bool | None = None) -> str:
    """The tree as YAML: its innermost lists and sets on one line, or all of it for `flow`."""
    text: str = yaml.dump(
        tree,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=flow,
        width=10**6 if flow else LINE_WIDTH,
    )
    return text.rstrip("\n")
