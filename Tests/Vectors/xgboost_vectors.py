#!/usr/bin/env python3
"""Writes xgboost.json: made-up rows, and what XGBoost answers for them with the models that Atoll exported.

Run it, then the tests `XGBoostExportTests` with ATOLL_WRITE_VECTORS=1, which train on the rows and write
xgboost_binary.json and xgboost_squared.json beside this file, then it again. Needs numpy and xgboost 3.2."""
import json
from pathlib import Path

import numpy as np
import xgboost

FOLDER = Path(__file__).parent


def main():
    rng = np.random.default_rng(7)
    values = np.round(rng.normal(size=(150, 6)), 3)
    values[rng.random(values.shape) < 0.08] = np.nan
    filled = np.nan_to_num(values, nan=0.6)
    raw = filled[:, 0] - filled[:, 1] ** 2 / 2 + filled[:, 3] * filled[:, 4] + rng.normal(size=150) / 2
    answers = {
        "values": [[None if np.isnan(x) else x for x in column] for column in values.T.tolist()],
        "labels": {"binary": (raw > -0.4).astype(int).tolist(), "squared": np.round(raw * 20 + 100, 3).tolist()},
        "models": {},
    }
    for objective in ["binary", "squared"]:
        path = FOLDER / f"xgboost_{objective}.json"
        if path.exists():
            booster = xgboost.Booster(model_file=path)
            rows = xgboost.DMatrix(values, feature_names=booster.feature_names)
            answers["models"][objective] = {
                "predictions": booster.predict(rows).tolist(),
                "margins": booster.predict(rows, output_margin=True).tolist(),
                "contributions": booster.predict(rows, pred_contribs=True).tolist(),
                "gains": booster.get_score(importance_type="total_gain"),
            }
    text = json.dumps(answers, separators=(",", ":"), allow_nan=False)
    (FOLDER / "xgboost.json").write_text(text + "\n")


main()
