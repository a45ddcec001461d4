"""Where compiled kernels are kept between runs, so that only the first run waits for them."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """``$TINEL_CACHE``, or ``tinel`` in the user's cache folder."""
    if given := os.environ.get("TINEL_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "tinel"


def keep_compiled() -> None:
    """Let JAX store compiled kernels in the cache folder; silently goes without where it cannot."""
    import jax

    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)
