"""Sandbox: what a template of an operator may do, and how much of it, so that one bad template only spoils itself.

Jinja's own sandbox keeps templates away from the inside of objects. It does not bound work: `{{ 'a' * 10**9 }}` builds
a gigabyte, and two loops inside each other never end. Here each text that is filled has a number of steps and a length.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import nodes, pass_context, pass_eval_context
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2 import Template
    from jinja2.nodes import EvalContext
    from jinja2.runtime import Context

# An escalation about a thousand schools takes 3,000 steps and 140,000 letters before its styles are put in place.
MOST_STEPS = 50_000
LONGEST_TEXT = 2_000_000
LONGEST_REPEAT = 1_000
MOST_BITS = 128
_KINDS_KEPT = 4096
TOO_MUCH = "skabelonen kører i ring, eller teksten bliver for lang"
FILTERS = (
    "abs", "capitalize", "count", "d", "default", "e", "escape", "first", "groupby", "int", "items", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr", "sort",
    "string", "sum", "title", "trim", "truncate", "unique", "upper",
)  # fmt: skip
TEXT_METHODS = {
    "capitalize", "casefold", "endswith", "lower", "lstrip", "removeprefix", "removesuffix", "rstrip", "split",
    "splitlines", "startswith", "strip", "title", "upper",
}  # fmt: skip
# glibc writes %999999999d as long as it says.
UNSAFE = {"strftime"}

_steps_left: ContextVar[int] = ContextVar("steps_left", default=MOST_STEPS)


class TooMuchError(SecurityError):
    """For meget: a template that would not end, or fill the memory."""


def _step() -> None:
    left = _steps_left.get() - 1
    if left < 0:
        raise TooMuchError(TOO_MUCH)
    _steps_left.set(left)


@pass_context
def _counted(_: Context, items: Iterable[Any]) -> Iterator[Any]:
    """Go through what a loop goes through, one step at a time."""
    for item in items:
        _step()
        yield item


@pass_context
def _concatenated(context: Context, parts: list[Any]) -> str:
    """Do what `~` does."""
    escapes = context.eval_ctx.autoescape
    return _joined(str(Markup.escape(part) if escapes else part) for part in parts)


def _joined(parts: Iterable[str]) -> str:
    found, length = [], 0
    for part in parts:
        length += len(part)
        if length > LONGEST_TEXT:
            raise TooMuchError(TOO_MUCH)
        found.append(part)
    return "".join(found)


@pass_eval_context
def _join(context: EvalContext, items: Iterable[Any], between: str = "", attribute: str | int | None = None) -> str:
    found = list(items)
    if len(found) * len(between) + sum(len(str(item)) for item in found) > LONGEST_TEXT:
        raise TooMuchError(TOO_MUCH)
    joined: str = do_join(context, found, between, attribute)
    return joined


class _Counting(NodeTransformer):
    """Lets every loop count its rounds, and every `~` the letters."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 -- the name that Jinja looks for
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "counted", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 -- the name that Jinja looks for
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "concatenated", [], [], None, None, lineno=node.lineno)


class _Generator(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802 -- the name that Jinja looks for
        super().visit_Template(_Counting().visit(node), frame)


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Afgrænset skabelonmaskine: as Jinja's sandbox, with a bound on steps, letters and numbers."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    concat = staticmethod(_joined)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters.update(counted=_counted, concatenated=_concatenated, join=_join)
        self.globals = {"range": self.globals["range"]}

    def fill(self, name: str, values: dict[str, object]) -> str:
        """Fill a template within its bounds."""
        before = _steps_left.set(MOST_STEPS)
        try:
            return self.get_template(name).render(values)
        finally:
            _steps_left.reset(before)

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002 -- as in Jinja
        """Load a template, which is a step: two that include each other would not end."""
        _step()
        return super().get_template(name, parent, globals)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function or a macro, which is a step."""
        _step()
        return super().call(context, obj, *args, **kwargs)

    def getattr(self, obj: object, attribute: str) -> Any:
        """Give an attribute; one that is safe by the kind of its owner needs no further question."""
        if _safe_by_kind(type(obj), attribute):  # type: ignore[arg-type]  # a type does have a hash
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: object, attr: str, value: Any) -> bool:
        """Tell whether a template may use an attribute: of texts and numbers only what keeps them small."""
        safe = _safe_by_kind(type(obj), attr)  # type: ignore[arg-type]  # a type does have a hash
        return super().is_safe_attribute(obj, attr, value) if safe is None else safe

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Let `format` be an attribute as others, which a text does not have here: it pads to any width."""
        del value
        return None

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Reckon with numbers of an ordinary size, and put only short texts and lists together."""
        if operator == "**" or (operator == "%" and isinstance(left, str | bytes)):
            raise SecurityError(f"regnetegnet {operator} må ikke bruges her")
        if operator == "*" and _repeats(left, right) > LONGEST_REPEAT:
            raise TooMuchError(TOO_MUCH)
        if operator == "+" and _size(left) + _size(right) > LONGEST_TEXT:
            raise TooMuchError(TOO_MUCH)
        found = super().call_binop(context, operator, left, right)
        if isinstance(found, int) and found.bit_length() > MOST_BITS:
            raise TooMuchError(TOO_MUCH)
        return found


@lru_cache(_KINDS_KEPT)
def _safe_by_kind(kind: type, attr: str) -> bool | None:
    """Tell whether an attribute may be used, where the kind of its owner tells: texts, numbers and our own values."""
    if issubclass(kind, str):
        return attr in TEXT_METHODS
    if issubclass(kind, int | float | bytes) or attr in UNSAFE:
        return False
    return not attr.startswith("_") if is_dataclass(kind) else None


def _repeats(left: Any, right: Any) -> int:
    """Give how long a text or list becomes that is repeated; nothing where numbers are multiplied."""
    for text, times in ((left, right), (right, left)):
        if hasattr(text, "__len__") and isinstance(times, int):
            return len(text) * times
    return 0


def _size(value: Any) -> int:
    return len(value) if hasattr(value, "__len__") else 0
