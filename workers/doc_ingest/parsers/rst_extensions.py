"""The directives and roles that Sphinx and its extensions add to reStructuredText, as far as their text goes.

docutils drops what it does not know. Here an unknown directive gives what it holds, an unknown role its words.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.states import Inliner

_DIRECTIVE = re.compile(r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([A-Za-z][\w:+.-]*?)::(?:\s|$)", re.MULTILINE)
_ROLE = re.compile(r":([A-Za-z][\w:+.-]{0,40}):`")
_TARGET = re.compile(r"^(.*?)\s*<([^<>]*)>$", re.DOTALL)

_CODE = re.compile(r"^(?:code|sourcecode|parsed-literal|prompt|doctest|testcode|testoutput|highlight-code)")
_NOT_SHOWN = frozenset(
    [
        "toctree", "index", "highlight", "currentmodule", "module", "default-domain", "meta", "sectionauthor",
        "codeauthor", "tabularcolumns", "literalinclude", "include", "video", "youtube", "mermaid",
        "graphviz", "uml", "autosummary", "automodule", "autoclass", "autofunction", "contents",
    ]
)  # fmt: skip
_CODE_ROLES = frozenset(
    ["code", "file", "samp", "command", "program", "option", "envvar", "kbd", "func", "class", "meth"]
)


class _AnyOption(dict[str, Any]):
    """An option specification that takes every option as it stands."""

    def __missing__(self, name: str) -> Any:
        return directives.unchanged


class _Any(Directive):  # type: ignore[misc]
    """A directive of any shape."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = _AnyOption(class_=directives.unchanged)  # docutils passes over an empty one

    def run(self) -> list[nodes.Node]:
        raise NotImplementedError


class CodeBlock(_Any):
    """Code, its language as the argument."""

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        language = self.arguments[0] if self.arguments and "\n" not in self.arguments[0] else ""
        return [nodes.literal_block(text, text, language=language)]


class Shown(_Any):
    """A directive that nothing is known of: its argument as a paragraph, then what it holds."""

    def run(self) -> list[nodes.Node]:
        box = nodes.container()
        if self.arguments:
            words, _ = self.state.inline_text(self.arguments[0], self.lineno)
            box += nodes.paragraph("", "", *words)
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


class NotShown(_Any):
    """A directive whose text is none of the document's: it names other documents, pictures, options."""

    def run(self) -> list[nodes.Node]:
        return []


def known_to_docutils(text: str) -> None:
    """Makes docutils accept every directive and role that a text uses. Its registries are the process's own."""
    for name in {match.lower() for match in _DIRECTIVE.findall(text)}:
        if name in _NOT_SHOWN:
            directives.register_directive(name, NotShown)
        elif _CODE.match(name):
            directives.register_directive(name, CodeBlock)
        elif not _is_known(name):
            directives.register_directive(name, Shown)
    for name in {match.lower() for match in _ROLE.findall(text)}:
        if name not in roles._role_registry:
            roles.register_local_role(name, _role)


def _is_known(name: str) -> bool:
    return name in directives._directive_registry or name in directives._directives


def _role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Inliner, options: Any = None, content: Any = None
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """A role's words: the title of ``title <target>``, without the marks that Sphinx reads before a name."""
    match = _TARGET.match(text)
    words = match[1] if match and match[1] else text.lstrip("!~")
    words = nodes.unescape(words)
    if name.rpartition(":")[2] in _CODE_ROLES:
        return [nodes.literal(rawtext, words)], []
    return [nodes.Text(words)], []
