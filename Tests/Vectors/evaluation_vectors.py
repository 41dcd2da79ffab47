#!/usr/bin/env python3
"""Writes evaluation.json: measures of made-up scores as scikit-learn 1.9 computes them, and DeLong's standard error and
the population stability index straight from their definitions. Needs numpy and scikit-learn; run it beside the file."""
import json
import math
from pathlib import Path

import numpy as np
from sklearn import metrics


def delong(labels, scores):
    """The standard error by its definition: two nested loops over the pairs."""
    ones, zeros = scores[labels == 1], scores[labels == 0]
    kernel = (ones[:, None] > zeros[None, :]) + 0.5 * (ones[:, None] == zeros[None, :])
    if len(ones) == 1 and len(zeros) == 1:
        return 0.0
    return math.sqrt(kernel.mean(1).var(ddof=1) / len(ones) + kernel.mean(0).var(ddof=1) / len(zeros))


def binary(rng, rows, levels):
    labels = (rng.random(rows) < 0.3).astype(int)
    labels[:2] = 0, 1
    scores = 1 / (1 + np.exp(-(labels * 1.2 + rng.normal(size=rows) - 1)))
    if levels:
        scores = np.round(scores * levels) / levels
    false, true, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
    threshold = 0.4
    tn, fp, fn, tp = metrics.confusion_matrix(labels, scores >= threshold).ravel()
    probabilities = np.clip(scores, 2**-52, 1 - 2**-52)
    return {
        "labels": labels.tolist(), "scores": scores.tolist(),
        "auc": metrics.roc_auc_score(labels, scores), "delong": delong(labels, scores),
        "ks": float(np.max(np.abs(true - false))),
        "averagePrecision": metrics.average_precision_score(labels, scores),
        "brier": metrics.brier_score_loss(labels, scores), "logLoss": metrics.log_loss(labels, probabilities),
        "threshold": threshold, "confusion": [int(tp), int(fp), int(tn), int(fn)],
        "precision": metrics.precision_score(labels, scores >= threshold, zero_division=0),
        "recall": metrics.recall_score(labels, scores >= threshold),
        "f1": metrics.f1_score(labels, scores >= threshold),
        "accuracy": metrics.accuracy_score(labels, scores >= threshold),
    }


def regression(rng, rows):
    labels = rng.normal(size=rows) * 3
    predictions = labels + rng.normal(size=rows)
    return {
        "labels": labels.tolist(), "predictions": predictions.tolist(),
        "rmse": metrics.root_mean_squared_error(labels, predictions),
        "mae": metrics.mean_absolute_error(labels, predictions), "r2": metrics.r2_score(labels, predictions),
    }


def main():
    rng = np.random.default_rng(20)
    vectors = {
        "binary": [binary(rng, rows, levels) for rows, levels in [(2, 0), (60, 0), (200, 12), (350, 3)]],
        "regression": [regression(rng, rows) for rows in [2, 80]],
    }
    text = json.dumps(vectors, separators=(",", ":"), allow_nan=False)
    Path(__file__).with_name("evaluation.json").write_text(text + "\n")


main()
