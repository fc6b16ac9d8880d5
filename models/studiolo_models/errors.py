"""What can go wrong with model files: one class a code; the sentence for people is made in `studiolo.errors`."""

from __future__ import annotations


class ModelError(Exception):
    """The environment's fault, or a model file's."""

    code = "model.error"


class ModelMissing(ModelError):
    """No model of that name, or none for that role, is registered."""

    code = "model.missing"


class ModelFileGone(ModelError):
    """A registered model's file is no longer where it was."""

    code = "model.file_gone"


class ModelChanged(ModelError):
    """A model file's SHA-256 is not the registered one."""

    code = "model.changed"


class ModelStoreUnwritable(ModelError):
    """The model store cannot be written: disk full, or no right to."""

    code = "model.store_unwritable"


class ModelDamaged(ModelError):
    """A GGUF header or a model folder does not hold what it must; found before llama.cpp sees it."""

    code = "model.damaged"


class ModelUnsupported(ModelError):
    """The file is sound but cannot serve in the role asked for."""

    code = "model.unsupported"


class ModelLoadFailed(ModelError):
    """The runtime refused a model that passed the checks (memory, architecture)."""

    code = "model.load_failed"


class PromptTooLong(ModelError):
    """The prompt does not fit the model's context."""

    code = "model.prompt_too_long"


class TrainingExtraMissing(ModelError):
    """Compiling an embedder needs the training extra (torch), which is not installed."""

    code = "model.training_extra_missing"


class WorkerFailed(ModelError):
    """The worker process ended without a result."""

    code = "model.worker_failed"


class WrongLoraBase(ModelError):
    """The LoRA was trained for another base model."""

    code = "model.wrong_base_for_lora"

    def __init__(self, *, lora_arch: str, base_arch: str) -> None:
        super().__init__(f"LoRA is for {lora_arch!r}, the model is {base_arch!r}")
        self.lora_arch = lora_arch
        self.base_arch = base_arch
