"""The processor at hand, and object code for it: the only door to llvmlite."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.kernel.llvm.driver import ENTRY
from sim.kernel.llvm.mathematics import LIBRARY


@dataclass(frozen=True)
class Processor:
    """What code is made for; the same fields, the same code.

    Args:
        name: LLVM's name of the processor.
        features: its abilities, as LLVM writes them.
        llvm: version of LLVM.
        lanes: members side by side in one vector.
    """

    name: str
    features: str
    llvm: str
    lanes: int


class UnavailableError(Exception):
    """No machine code can be made here; the text says why."""


@cache
def _llvm() -> Any:
    """The binding of llvmlite, ready for this processor."""
    try:
        import llvmlite.binding as binding
    except (ImportError, OSError) as error:
        raise UnavailableError(f"llvmlite cannot be loaded: {error}") from error
    try:
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        binding.check_jit_execution()
        here = ctypes.CDLL(None)
        for name in LIBRARY:
            address = ctypes.cast(getattr(here, name), ctypes.c_void_p).value
            binding.add_symbol(name, address)
        # llvmlite lets in one thread at a time, since modules may share a context; ours do not
        generate: Any = binding.ffi.lib.LLVMPY_TargetMachineEmitToMemory
        if hasattr(generate, "_lock"):
            generate._lock = nullcontext()
    except (RuntimeError, OSError, AttributeError, TypeError) as error:
        raise UnavailableError(f"no machine code on this processor: {error}") from error
    return binding


@cache
def processor() -> Processor:
    """The processor at hand.

    Raises:
        UnavailableError: llvmlite is missing or cannot make code here.
    """
    binding = _llvm()
    try:
        features = binding.get_host_cpu_features()
        text = features.flatten()
    except RuntimeError:
        features, text = {}, ""
    # measured (README.md): wide vectors in pairs hide the latency of one another
    lanes = 16 if features.get("avx512f") else 8 if features.get("avx2") else 4
    version = ".".join(map(str, binding.llvm_version_info))
    return Processor(binding.get_host_cpu_name(), text, version, lanes)


def assemble(texts: Iterable[str], at: Processor, level: int) -> list[bytes]:
    """Object code for each text of LLVM, optimised by the code generator up to `level`.

    Code is generated side by side, and while further texts are written.
    """
    _llvm()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda text: _object(text, at, level), texts))


def _object(text: str, at: Processor, level: int) -> bytes:
    binding = _llvm()
    module = binding.parse_assembly(text, binding.create_context())
    target = binding.Target.from_default_triple().create_target_machine(
        cpu=at.name, features=at.features, opt=level, reloc="pic", codemodel="default"
    )
    module.triple = target.triple
    module.data_layout = str(target.target_data)
    return target.emit_object(module)


class Code:
    """Object code, loaded; call it with the address of the words named in `driver.FIELDS`."""

    def __init__(self, images: Sequence[bytes]) -> None:
        binding = _llvm()
        # the engine owns a target machine and an empty module to hang the object on
        self._engine = binding.create_mcjit_compiler(
            binding.parse_assembly(""), binding.Target.from_default_triple().create_target_machine()
        )
        for image in images:
            self._engine.add_object_file(binding.ObjectFileRef.from_data(image))
        self._engine.finalize_object()
        address = self._engine.get_function_address(ENTRY)
        if not address:
            raise UnavailableError("the object code has no entry")
        self.call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address)
