"""Vectors as registers: one number for each actor, kept and computed with together.

Compiled loops sum over actors at every step. Sums in an array would be written and read each time, as nothing tells
that arrays don't overlap; a `Vector` lives in one or two of the processor's registers and its terms are computed at
once. The processor's width is LLVM's affair; numbers beyond the count are neither read nor written.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import extending, types
from numba.core import cgutils, errors
from numba.extending import models, overload, register_model

intrinsic: Any = extending.intrinsic
FAST = ("contract", "reassoc")


class Vector(types.Type):
    """`count` numbers of one kind of float, as a type for the compiler."""

    def __init__(self, dtype: Any, count: int) -> None:
        self.dtype, self.count = dtype, count
        self.width = 1 << (count - 1).bit_length()
        super().__init__(f"Vector({dtype}, {count})")


@register_model(Vector)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Vector) -> None:
        super().__init__(manager, kind, ir.VectorType(manager.lookup(kind.dtype).get_value_type(), kind.width))


@intrinsic
def zero(context: Any, zeros: Any, array: Any) -> Any:
    """A vector of zeros, as many as a tuple has numbers, of an array's kind."""
    kind = Vector(array.dtype, len(zeros))
    return kind(zeros, array), lambda context, builder, sig, args: ir.Constant(context.get_value_type(kind), None)


@intrinsic
def load(context: Any, zeros: Any, array: Any, at: Any) -> Any:
    """array[at], at a tuple of all indices but the last; as many numbers as `zeros` has."""
    kind = Vector(array.dtype, len(zeros))

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address = _address(context, builder, kind, sig.args[1:], args[1:])
        nothing = ir.Constant(address.type.pointee, None)
        return _masked(builder, kind, "load", [address, _alignment(kind), _mask(kind), nothing], nothing.type)

    return kind(zeros, array, at), generate


@intrinsic
def store(context: Any, array: Any, at: Any, vector: Any) -> Any:
    """array[at] = vector, rounded if the array is of single precision."""
    kind = Vector(array.dtype, vector.count)

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address, lanes = _address(context, builder, kind, sig.args, args), args[2]
        if kind != vector:
            lanes = builder.fptrunc(lanes, context.get_value_type(kind))
        _masked(builder, kind, "store", [lanes, address, _alignment(kind), _mask(kind)], ir.VoidType())
        return context.get_dummy_value()

    return types.void(array, at, vector), generate


@intrinsic
def item(context: Any, vector: Any, k: Any) -> Any:
    """vector[k]"""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.extract_element(args[0], args[1])

    return vector.dtype(vector, k), generate


@intrinsic
def unit(context: Any, zeros: Any, array: Any, k: Any) -> Any:
    """A vector that is 1 at k and 0 elsewhere, of an array's kind."""
    kind = Vector(array.dtype, len(zeros))

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = ir.VectorType(ir.IntType(32), kind.width)
        first = builder.insert_element(
            ir.Constant(place, ir.Undefined), context.cast(builder, args[2], k, types.int32), ir.IntType(32)(0)
        )
        everywhere = builder.shuffle_vector(first, first, ir.Constant(place, [0] * kind.width))
        hit = builder.icmp_signed("==", everywhere, ir.Constant(place, list(range(kind.width))))
        return builder.uitofp(hit, context.get_value_type(kind))

    return kind(zeros, array, k), generate


@intrinsic
def total(context: Any, vector: Any) -> Any:
    """The sum of the numbers."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sum_ = ir.Constant(context.get_value_type(vector.dtype), 0.0)
        for k in range(vector.count):
            sum_ = builder.fadd(sum_, builder.extract_element(args[0], ir.IntType(32)(k)), flags=FAST)
        return sum_

    return vector.dtype(vector), generate


def _arithmetic(name: str) -> Any:
    """Two vectors, or a vector and a number, term by term."""

    @intrinsic
    def compute(context: Any, a: Any, b: Any) -> Any:
        kind = a if isinstance(a, Vector) else b

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            both = (
                value if isinstance(given, Vector) else _spread(context, builder, kind, value, given)
                for value, given in zip(args, sig.args, strict=True)
            )
            return getattr(builder, name)(*both, flags=FAST)

        return kind(a, b), generate

    return compute


def _either(compute: Any) -> Any:
    """An operator's implementation where one side or both are vectors."""

    def choose(a: Any, b: Any) -> Any:
        return (lambda a, b: compute(a, b)) if isinstance(a, Vector) or isinstance(b, Vector) else None

    return choose


for _operator, _name in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    overload(_operator, strict=False, inline="always")(_either(_arithmetic(_name)))


def _spread(context: Any, builder: Any, kind: Vector, number: Any, given: Any) -> Any:
    """A number in every place."""
    lanes = context.get_value_type(kind)
    first = builder.insert_element(
        ir.Constant(lanes, ir.Undefined), context.cast(builder, number, given, kind.dtype), ir.IntType(32)(0)
    )
    everywhere = ir.Constant(ir.VectorType(ir.IntType(32), kind.width), [0] * kind.width)
    return builder.shuffle_vector(first, ir.Constant(lanes, ir.Undefined), everywhere)


def _address(context: Any, builder: Any, kind: Vector, given: Any, args: Any) -> Any:
    """Where a vector begins in an array, from the array and the tuple of indices."""
    array, indices = given[0], cgutils.unpack_tuple(builder, args[1])
    if array.layout != "C":
        raise errors.TypingError(f"vectors are read from and written to C-contiguous arrays only, not {array}")
    indices = [context.cast(builder, k, whole, types.intp) for k, whole in zip(indices, given[1], strict=True)]
    made = context.make_array(array)(context, builder, args[0])
    first = cgutils.get_item_pointer(context, builder, array, made, [*indices, ir.IntType(64)(0)])
    return builder.bitcast(first, ir.PointerType(context.get_value_type(kind)))


def _alignment(kind: Vector) -> Any:
    return ir.IntType(32)(kind.dtype.bitwidth // 8)


def _mask(kind: Vector) -> Any:
    return ir.Constant(ir.VectorType(ir.IntType(1), kind.width), [int(k < kind.count) for k in range(kind.width)])


def _masked(builder: Any, kind: Vector, name: str, args: list[Any], result: Any) -> Any:
    """LLVM's masked load or store, which for a mask known to it costs no more than a plain one."""
    signature = ir.FunctionType(result, [arg.type for arg in args])
    function = f"llvm.masked.{name}.v{kind.width}f{kind.dtype.bitwidth}.p0"
    return builder.call(cgutils.get_or_insert_function(builder.module, signature, function), args)
