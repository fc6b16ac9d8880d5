"""Loads OpenVINO without its telemetry, and compiles a model for this processor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from studiolo_models.errors import ModelLoadFailed


def import_openvino() -> Any:  # Any: the library has no type information
    """Import OpenVINO; its telemetry (which looks up a host, forks, and writes to the home folder) stays out."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None blocks the import
    import openvino

    return openvino


def compile_for_cpu(xml: Path, *, precision: str, cache_folder: Path, threads: int | None) -> Any:  # Any: as above
    """Compile an OpenVINO model for the processor; the result is cached, so that a second start is fast.

    Args:
        xml: The model's `.xml`, with its `.bin` beside it.
        precision: "f32" or "bf16": the precision of the arithmetic.
        cache_folder: Where compiled models are kept.
        threads: Processor threads, or None for OpenVINO's choice.

    Raises:
        ModelLoadFailed: If the runtime refuses it.
    """
    openvino = import_openvino()
    core = openvino.Core()
    options: dict[str, str | int] = {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",
        "CACHE_DIR": str(cache_folder),
    }
    if threads:
        options["INFERENCE_NUM_THREADS"] = threads
    try:
        return core.compile_model(str(xml), "CPU", options)
    except RuntimeError as error:
        raise ModelLoadFailed(f"{xml.parent.name}: {str(error).splitlines()[0][:200]}") from error


def processor_has_bf16() -> bool:
    """Tell whether OpenVINO can compute in bf16 on this processor."""
    openvino = import_openvino()
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
