"""Python source for the functions that shape documents into an answer.

One function an object type at a place of the operation, of this form:

    def shape_3(doc, s):
        v0 = doc.get('title')
        if v0.__class__ is not str: raise Surprise('title')
        v1 = s[7]
        ...
        return {'headline': v0, ...}

``s`` are the slots of the run. A value that is not exactly what the schema promises raises;
the run then leaves the operation to the reference executor, whose errors are the standard.
Text of the operation enters only as ``repr()`` of response keys; functions do not nest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from gql.plan.nodes import Unplannable
from gql.schema.fields import Spec
from gql.schema.scalars import HTTP
from loaders.nodes import TYPE_NAME

# What a leaf value must be to go into the answer as it is, by its scalar: Python conditions.
_LEAVES = {
    "String": "{v}.__class__ is not str",
    "ID": "{v}.__class__ is not str",
    "Boolean": "{v}.__class__ is not bool",
    "Int": "{v}.__class__ is not int or not -2147483648 <= {v} <= 2147483647",
    "Float": "{v}.__class__ is not float or {v} - {v} != 0.0",
    "DateTime": "{v}.__class__ is not datetime or {v}.tzinfo is None",
    "URL": "{v}.__class__ is not str or not {v}.startswith(HTTP)",
    "JSON": "",
}


class Surprise(Exception):
    """A document is not what the schema promises."""


class Source:
    """The functions of one plan."""

    def __init__(self) -> None:
        self._functions: list[str] = []
        self._names: dict[str, Any] = {
            "Surprise": Surprise,
            "datetime": datetime,
            "HTTP": HTTP,
            "TYPE": TYPE_NAME,
            "EMPTY": {},
        }

    def text(self) -> str:
        """All functions, to be read by a person."""
        return "\n".join(self._functions)

    def compiled(self) -> dict[str, Any]:
        """The functions by name."""
        namespace = dict(self._names)
        exec(compile(self.text(), "<plan>", "exec"), namespace)
        return namespace

    def function(self, lines: list[str], members: list[tuple[str, str]]) -> str:
        """A shape of documents: ``lines`` compute, ``members`` are response keys and values."""
        answer = ", ".join(f"{key!r}: {value}" for key, value in members)
        return self._define(
            f"shape_{len(self._functions)}", "doc", [*lines, f"return {{{answer}}}"]
        )

    def doc(self, var: str, spec: Spec, type_: GraphQLOutputType) -> list[str]:
        """A key of the document."""
        lines = [f"{var} = doc.get({spec.key!r})"]
        if spec.default is not None:
            lines.append(f"if {var} is None: {var} = {spec.default!r}")
        return lines + self._checked(var, type_)

    def filled(self, var: str, spec: Spec, found: int, type_: GraphQLOutputType) -> list[str]:
        """A key of the document, or of the one that fills its gaps."""
        known = f"(s[{found}].get(doc[{spec.via!r}]) or EMPTY)"
        lines = [
            f"{var} = doc.get({spec.key!r})",
            f"if {var} is None: {var} = {known}.get({spec.key!r})",
        ]
        if spec.default is not None:
            lines.append(f"if {var} is None: {var} = {spec.default!r}")
        return lines + self._checked(var, type_)

    def derived(
        self, var: str, spec: Spec, field: GraphQLField, args: int, shapes: dict[str, str] | None
    ) -> list[str]:
        """A computed value."""
        call = self._call("compute", spec.compute, ["doc"], field, args)
        return [f"{var} = {call}", *self._shaped(var, field.type, shapes)]

    def embedded(
        self, var: str, kept: int, field: GraphQLField, shapes: dict[str, str] | None
    ) -> list[str]:
        """A value that the run has computed."""
        return [f"{var} = s[{kept}][id(doc)]", *self._shaped(var, field.type, shapes)]

    def lookup(
        self,
        var: str,
        spec: Spec,
        field: GraphQLField,
        args: int,
        found: int,
        shapes: dict[str, str] | None,
        *,
        shared: bool,
    ) -> list[str]:
        """A looked-up value: what the run found under the keys that the document asks for."""
        ask = self._call("ask", spec.ask, ["doc"], field, args)
        if spec.many:
            one = f"s[{found}].get(k)"
            if spec.pick is None:
                lines = [f"{var} = [a for k in {ask} if (a := {one}) is not None]"]
            else:
                lines = [f"{var} = [None if k is None else {one} for k in {ask}]"]
        else:
            lines = [f"k = {ask}", f"{var} = None if k is None else s[{found}][k]"]
        if spec.pick is not None:
            pick = self._call("pick", spec.pick, ["doc", var], field, args)
            lines.append(f"{var} = {pick}")
        if shared:  # the run has shaped it
            return lines + self._checked_null(var, field.type)
        return lines + self._shaped(var, field.type, shapes)

    def value_function(self, field: GraphQLField, spec: Spec, shapes: dict[str, str]) -> str:
        """A shape of what one key found. With many keys a field's list is made of such values."""
        type_: Any = get_nullable_type(field.type)
        # Null is for the place that reads it to judge.
        nullable: Any = get_nullable_type(type_.of_type) if spec.many else type_
        lines = self._shaped("doc", nullable, shapes)
        return self._define(f"value_{len(self._functions)}", "doc", [*lines, "return doc"])

    def _define(self, name: str, arg: str, lines: list[str]) -> str:
        body = "\n".join(f"    {line}" for line in lines)
        self._functions.append(f"def {name}({arg}, s):\n{body}\n")
        return name

    def _call(
        self, what: str, function: Any, given: list[str], field: GraphQLField, args: int
    ) -> str:
        name = f"{what}_{len(self._names)}"
        self._names[name] = function
        if field.args:
            given = [*given, f"s[{args}]"]
        return f"{name}({', '.join(given)})"

    def _shaped(
        self, var: str, type_: GraphQLOutputType, shapes: dict[str, str] | None
    ) -> list[str]:
        """Lines that turn a value, or a list of them, into its part of the answer."""
        if shapes is None:
            return self._checked(var, type_)
        required = is_non_null_type(type_)
        inner: Any = get_nullable_type(type_)
        if is_list_type(inner):
            item = self._shape_call("d", shapes)
            if not is_non_null_type(inner.of_type):
                item = f"None if d is None else {item}"
            lines = [
                f"if {var}.__class__ is not list: raise Surprise",
                f"{var} = [{item} for d in {var}]",
            ]
        else:
            lines = [f"{var} = {self._shape_call(var, shapes)}"]
        return lines if required else [f"if {var} is not None:", *_indented(lines)]

    def _shape_call(self, var: str, shapes: dict[str, str]) -> str:
        if len(shapes) == 1:
            return f"{next(iter(shapes.values()))}({var}, s)"
        table = ", ".join(f"{name!r}: {shape}" for name, shape in shapes.items())
        return f"{{{table}}}[{var}[TYPE]]({var}, s)"

    def _checked_null(self, var: str, type_: GraphQLOutputType) -> list[str]:
        return [f"if {var} is None: raise Surprise"] if is_non_null_type(type_) else []

    def _checked(self, var: str, type_: GraphQLOutputType) -> list[str]:
        """Lines that raise unless a leaf, or a list of leaves, is what its type says."""
        if not is_leaf_type(get_named_type(type_)):
            raise Unplannable(f"a field of type {type_} has no selections")
        required = is_non_null_type(type_)
        inner: Any = get_nullable_type(type_)
        if is_list_type(inner):
            item = " or ".join(
                line.removeprefix("if ").removesuffix(": raise Surprise")
                for line in self._checked("d", inner.of_type)
            )
            condition = f"{var}.__class__ is not list or any({item} for d in {var})"
        else:
            condition = _LEAVES.get(inner.name, "?").format(v=var)
            if condition == "?":
                raise Unplannable(f'the scalar "{inner.name}" is not known to plans')
            if not condition:
                return self._checked_null(var, type_)
        if not required:
            condition = f"{var} is not None and ({condition})"
        return [f"if {condition}: raise Surprise"]


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
