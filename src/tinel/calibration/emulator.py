"""A fast stand-in for the simulator: a Gaussian process for each published figure.

The mean is linear in the parameters with a smooth departure from it (Matern 5/2, one length for
each parameter) and noise, since a few patients only are computed at each point. Needs
scikit-learn, of the dependency group ``calibrate``.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinel.errors import TinelError

Floats = NDArray[np.float64]

RIDGE = 1e-2  # keeps the linear part finite where points are few


@dataclass(frozen=True)
class Emulator:
    """Gaussian processes of several figures over the same parameters.

    Args:
        coefficients: of the linear parts, ``(1 + n_free, n_figure)``.
        processes: one for each figure.
    """

    coefficients: Floats
    processes: Sequence[Any]

    def predict(self, x: Floats) -> tuple[Floats, Floats]:
        """Means and variances of the simulator's mean, ``(n_point, n_figure)`` each.

        Args:
            x: ``(n_point, n_free)``, as fractions of the prior, 0 to 1.
        """
        linear = _with_one(x) @ self.coefficients
        parts = [gp.predict(x, return_std=True) for gp in self.processes]
        mean = linear + np.stack([m for m, _ in parts], axis=1)
        noise = np.array([_noise(gp) for gp in self.processes])
        variance = np.stack([s**2 for _, s in parts], axis=1) - noise
        return mean, np.maximum(variance, 0.0)


def fit(x: Floats, y: Floats, seed: int = 0) -> Emulator:
    """Fit an emulator to computed points.

    Args:
        x: ``(n_point, n_free)``, as fractions of the prior, 0 to 1.
        y: ``(n_point, n_figure)``; a figure may lack some points (nan).
        seed: of the search for the best lengths.

    Raises:
        TinelError: scikit-learn is not installed, or too few points.
    """
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    except ImportError:
        advice = "install the dependency group 'calibrate'"
        raise TinelError("scikit-learn is not installed", advice=advice) from None
    columns, processes = [], []
    for values in y.T:
        known = np.isfinite(values)
        if known.sum() < 2 + x.shape[1]:
            told = f"{int(known.sum())} points (allowed: more than {1 + x.shape[1]})"
            raise TinelError(told, advice="compute more points")
        at, seen = x[known], values[known]
        beta = _linear(at, seen)
        rest = seen - _with_one(at) @ beta
        spread = max(float(rest.var()), 1e-6)
        kernel = ConstantKernel(spread, (1e-3 * spread, 1e2 * spread)) * Matern(
            np.full(x.shape[1], 1.5), (0.2, 20.0), nu=2.5
        ) + WhiteKernel(0.3 * spread, (1e-3 * spread + 1e-9, 2.0 * spread + 1e-6))
        gp = GaussianProcessRegressor(kernel, random_state=seed, n_restarts_optimizer=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            gp.fit(at, rest)
        columns.append(beta)
        processes.append(gp)
    return Emulator(np.stack(columns, axis=1), tuple(processes))


def _with_one(x: Floats) -> Floats:
    return np.column_stack([np.ones(len(x)), x])


def _linear(x: Floats, y: Floats) -> Floats:
    design = _with_one(x)
    penalty = RIDGE * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    return np.asarray(np.linalg.solve(design.T @ design + penalty, design.T @ y))


def _noise(gp: Any) -> float:
    return float(gp.kernel_.k2.noise_level)
