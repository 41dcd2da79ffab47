#!/usr/bin/env python3
"""Writes scorecard.json: weights of evidence, divisions, regressions, correlations and p-values of made-up rows as numpy,
scipy, scikit-learn and statsmodels compute them, the best division by trying all of them; and what a public reader of PMML
answers for the scorecard that Atoll exported.

Run it, then the tests `ScorecardExportTests` with ATOLL_WRITE_VECTORS=1, which write scorecard.pmml beside this file, then
it again. Needs numpy, scipy 1.17, scikit-learn 1.9, statsmodels 0.15; for PMML pypmml 1.5 and Java."""
import itertools
import json
import math
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import stats
from sklearn.linear_model import LogisticRegression
from statsmodels.stats.outliers_influence import variance_inflation_factor

FOLDER = Path(__file__).parent


def evidence(goods, bads):
    """WOE = ln(share of bads / share of goods), half a row more in one-sided bins, 0 in empty ones; and IV."""
    goods, bads = np.array(goods, float), np.array(bads, float)
    more = np.where((goods == 0) ^ (bads == 0), 0.5, 0.0)
    with np.errstate(all="ignore"):
        bad_share, good_share = (bads + more) / bads.sum(), (goods + more) / goods.sum()
        woe = np.where(goods + bads > 0, np.log(bad_share / good_share), 0.0)
    return woe, (bad_share - good_share) * woe


def woe_case(rng, rows, edges, specials, missing):
    values = np.round(rng.normal(size=rows) * 2, 2)
    labels = (rng.random(rows) < 1 / (1 + np.exp(1.2 - 0.6 * values))).astype(int)
    for special in specials:
        values[rng.random(rows) < 0.08] = special
    values[rng.random(rows) < missing] = np.nan
    bins = np.searchsorted(np.float32(edges), np.float32(values), side="right")
    for place, special in enumerate(specials):
        bins[values == special] = len(edges) + 1 + place
    bins[np.isnan(values)] = len(edges) + 1 + len(specials)
    count = len(edges) + 2 + len(specials)
    goods = [int(((bins == k) & (labels == 0)).sum()) for k in range(count)]
    bads = [int(((bins == k) & (labels == 1)).sum()) for k in range(count)]
    woe, iv = evidence(goods, bads)
    return {
        "values": [None if np.isnan(x) else x for x in values.tolist()], "labels": labels.tolist(), "edges": edges,
        "specials": specials, "goods": goods, "bads": bads, "woe": woe.tolist(), "iv": float(iv.sum()),
    }


def optimal_case(rng, fine, most, percent, least, trend):
    """Tries every division; of equal IVs (to 12 digits) the one with fewer bins, then lower edges."""
    rows = rng.integers(60, 160, size=fine)
    rates = np.clip(0.15 + 0.02 * np.arange(fine) * rng.choice([-1, 1]) + rng.normal(size=fine) * 0.06, 0.02, 0.9)
    bads = rng.binomial(rows, rates)
    goods = rows - bads
    best = None
    for bins in range(1, most + 1):
        for starts in itertools.combinations(range(1, fine), bins - 1):
            borders = [0, *starts, fine]
            b = [int(bads[i:j].sum()) for i, j in zip(borders, borders[1:])]
            g = [int(goods[i:j].sum()) for i, j in zip(borders, borders[1:])]
            if any(x < least or y < least or (x + y) * 100 < percent * rows.sum() for x, y in zip(b, g)):
                continue
            steps = [b1 * (b0 + g0) - b0 * (b1 + g1) for b0, g0, b1, g1 in zip(b, g, b[1:], g[1:])]
            rising, falling = all(s > 0 for s in steps), all(s < 0 for s in steps)
            fits = {"free": all(s != 0 for s in steps), "rising": rising, "falling": falling,
                    "monotone": rising or falling}[trend]
            if fits:
                iv = float(evidence(g, b)[1].sum())
                if best is None or iv > best[0] + 1e-12:
                    best = (iv, list(starts))
    return {
        "goods": goods.tolist(), "bads": bads.tolist(), "most": most, "percent": percent, "least": least,
        "trend": trend, "starts": best[1] if best else [], "iv": best[0] if best else 0,
    }


def regression_case(rng, rows, columns, kind):
    values = rng.normal(size=(rows, columns)) @ (np.eye(columns) + 0.4) + 3
    raw = (values - 3) @ rng.normal(size=columns) * 0.7 - 0.8
    labels = (rng.random(rows) < 1 / (1 + np.exp(-raw))).astype(int)
    weights = rng.integers(1, 5, size=rows).astype(float) if kind == "weighted" else np.ones(rows)
    case = {"values": values.T.tolist(), "labels": labels.tolist(), "weights": weights.tolist(), "l2": 0}
    if kind == "penalised":
        case["l2"] = 2.5
        model = LogisticRegression(C=1 / 2.5, tol=1e-12, max_iter=10_000).fit(values, labels)
        case["coefficients"] = [float(model.intercept_[0]), *model.coef_[0].tolist()]
        p = model.predict_proba(values)[:, 1]
        design = sm.add_constant(values)
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + np.diag([0, *[2.5] * columns])
        case["errors"] = np.sqrt(np.diag(np.linalg.inv(hessian))).tolist()
        return case
    model = sm.GLM(labels, sm.add_constant(values), family=sm.families.Binomial(), freq_weights=weights)
    fit = model.fit(tol=1e-14, maxiter=100)
    case |= {
        "coefficients": fit.params.tolist(), "errors": fit.bse.tolist(), "z": fit.tvalues.tolist(),
        "p": fit.pvalues.tolist(), "intervals": fit.conf_int().tolist(), "covariance": fit.cov_params().tolist(),
        "deviance": fit.deviance, "nullDeviance": fit.null_deviance, "aic": fit.aic,
    }
    return case


def correlation_case(rng):
    values = rng.normal(size=(300, 4)) @ (np.eye(4) + rng.random((4, 4)))
    design = sm.add_constant(values)
    return {
        "values": values.T.tolist(), "correlations": np.corrcoef(values.T).tolist(),
        "inflation": [variance_inflation_factor(design, k + 1) for k in range(4)],
    }


def chi_squares(rng):
    tables = rng.integers(1, 300, size=(20, 2, 2))
    return [
        {"table": table.tolist(), "value": float(stats.chi2_contingency(table, correction=False)[0])}
        for table in tables
    ]


def pmml_answers():
    """Scores and reason codes of rows on and around the thresholds, by PMML4S."""
    path = FOLDER / "scorecard.pmml"
    if not path.exists():
        return None
    from pypmml import Model
    model = Model.fromString(path.read_text())
    rng = np.random.default_rng(5)
    rows = []
    for _ in range(400):
        row = []
        for _ in model.inputNames:
            kind = rng.random()
            value = None if kind < 0.1 else -999.0 if kind < 0.2 else float(rng.integers(-40, 40)) / 10
            row.append(value)
        rows.append(row)
    answers = [model.predict(dict(zip(model.inputNames, row))) for row in rows]
    return {
        "fields": model.inputNames, "rows": rows, "scores": [float(a["score"]) for a in answers],
        "reasons": [[a[k] for k in sorted(a) if k.startswith("reason")] for a in answers],
    }


def main():
    rng = np.random.default_rng(9)
    z = [0, 1e-9, 0.1, 0.5, 1, 1.6448536269514722, 1.959963984540054, 2.5, 2.82, 2.84, 3, 4, 6, 9, 15, 25, 36]
    vectors = {
        "woe": [
            woe_case(rng, 400, [-1.5, 0.0, 1.25], [], 0.1), woe_case(rng, 900, [-2.0, -0.5, 0.5, 2.0], [-999.0, 99.0], 0.05),
            woe_case(rng, 60, [-3.5, 0.5, 4.0], [-1.0], 0.2),
        ],
        "optimal": [
            optimal_case(rng, fine, most, percent, least, trend)
            for trend in ["free", "rising", "falling", "monotone"]
            for fine, most, percent, least in [(8, 4, 5, 10), (12, 5, 10, 20), (11, 10, 5, 5), (10, 6, 0, 1)]
        ],
        "regression": [
            regression_case(rng, rows, columns, kind)
            for rows, columns, kind in [(300, 1, "plain"), (500, 4, "plain"), (400, 3, "weighted"), (300, 3, "penalised")]
        ],
        "correlation": correlation_case(rng), "chiSquare": chi_squares(rng),
        "twoSided": [{"z": x, "p": float(2 * stats.norm.sf(abs(x)))} for x in z],
        "pmml": pmml_answers(),
    }
    text = json.dumps(vectors, separators=(",", ":"), allow_nan=False)
    (FOLDER / "scorecard.json").write_text(text + "\n")


main()
