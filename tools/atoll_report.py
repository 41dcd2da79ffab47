#!/usr/bin/env python3
"""Reads the report of a trial (docs/trial-report.md); needs nothing but Python 3.8.

    atoll_report.py [--json PATH] REPORT

REPORT is the JSON file, or the folder that `atoll trial run --report FOLDER` wrote. Prints what federation was worth, what each
side learnt and where the time went; with --json the summary goes as JSON to PATH (`-`: standard output) and nothing is printed.
As a module: `load(path)` gives the document, `uplift(document)` and `summary(document)` what follows from it.
Exit: 0 everything held, 1 something did not, 2 wrong use or no report.
"""

import argparse
import json
import math
import os
import sys

SCHEMA = "atoll.dev/trial-report/1"
NAMES = {"guest": "guest alone", "federated": "federated", "centralised": "in one place"}
MEASURES = {
    "binary": ["auc", "ks", "lift", "gini", "average_precision", "log_loss", "brier", "calibration_error"],
    "squared": ["rmse", "mae", "r2", "bias"],
}


class NoReport(Exception):
    """What is wrong with a file, in words."""


def load(path):
    """The document of a file, or of the folder that holds it."""
    if os.path.isdir(path):
        path = os.path.join(path, "report.json")
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except OSError as error:
        raise NoReport("%s: %s" % (path, error.strerror))
    except ValueError as error:
        raise NoReport("%s is not JSON: %s" % (path, error))
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise NoReport("%s is no report of a trial: its schema is not %s" % (path, SCHEMA))
    return document


def models(document):
    return {model["name"]: model for model in document.get("learning", {}).get("models", [])}


def uplift(document):
    """What federation added: value, low, high, and whether the interval is that of a paired comparison; None if unknown.

    Above zero is better: AUC gained, or RMSE saved. Where the report has no paired interval, that of two AUCs measured on
    different rows stands for it, which is wider.
    """
    found = models(document)
    if "guest" not in found or "federated" not in found:
        return None
    binary = document["learning"]["objective"] == "binary"
    key = "auc" if binary else "rmse"
    guest, federated = found["guest"]["measures"], found["federated"]["measures"]
    if key not in guest or key not in federated:
        return None
    result = {"measure": key, "guest": guest[key], "federated": federated[key]}
    known = document["learning"].get("uplift")
    if known:
        return dict(result, value=known["value"], low=known["low"], high=known["high"], paired=True)
    value = federated[key] - guest[key] if binary else guest[key] - federated[key]
    result.update(value=value, low=None, high=None, paired=False)
    errors = [measures.get("auc.standard_error") for measures in (guest, federated)]
    if binary and None not in errors:
        margin = 1.959964 * math.hypot(*errors)
        result.update(low=value - margin, high=value + margin)
    return result


def summary(document):
    """Everything that the command prints, as one object."""
    learning = document.get("learning")
    result = {
        "name": document["name"],
        "held": document["held"],
        "failure": document.get("failure"),
        "notHeld": [one for one in document["expectations"] if not one["holds"]],
        "seconds": max([phase["start"] + phase["seconds"] for phase in document["phases"]], default=0),
        "bytes": sum(phase.get("bytes", 0) for phase in document["phases"]),
        "phases": document["phases"],
    }
    if learning:
        digests = learning["digests"]
        known = bool(digests["federated"] and digests["centralised"])
        result.update(
            objective=learning["objective"],
            uplift=uplift(document),
            identical=digests["federated"] == digests["centralised"] if known else None,
            measures={name: model["measures"] for name, model in models(document).items()},
            learnt={one["site"]: one["counted"] for one in learning["learnt"]},
        )
    return result


# ---- printing


def number(value):
    return "-" if value is None else "%.4f" % value if abs(value) < 10 else "%.6g" % value


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())


def plain(text):
    """Without characters that a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in str(text))


def show_learning(found):
    print()
    names = [name for name in NAMES if name in found["measures"]]
    keys = [key for key in MEASURES[found["objective"]] if any(key in found["measures"][name] for name in names)]
    if names and keys:
        rows = [[""] + [NAMES[name] for name in names]]
        for key in keys:
            rows.append([key] + [number(found["measures"][name].get(key)) for name in names])
        table(rows)
        print()
    gained = found["uplift"]
    if gained:
        words = "AUC gained" if gained["measure"] == "auc" else "RMSE saved"
        line = "%s  %s" % (words, ("+" if gained["value"] > 0 else "") + number(gained["value"]))
        if gained["low"] is not None:
            line += "  (95 %% interval %s to %s%s)" % (
                number(gained["low"]), number(gained["high"]), "" if gained["paired"] else ", not paired: wider than the true one")
        print("  " + line)
    same = {True: "identical", False: "DIFFERENT", None: "not compared"}[found["identical"]]
    print("  Model between the sites and in one place: " + same)
    for site, counted in sorted(found["learnt"].items()):
        values = ", ".join("%s %s" % (plain(name), number(value)) for name, value in sorted(counted.items()))
        print("  %s learnt: %s" % (plain(site), values or "nothing was counted"))


def show(found):
    print("%s: %s" % (plain(found["name"]), "everything held" if found["held"] else "DID NOT HOLD"))
    if found["failure"]:
        print("  " + plain(found["failure"]))
    for one in found["notHeld"]:
        print("  does not hold: %s (found %s)" % (plain(one["text"]), number(one.get("found"))))
    if "measures" in found:
        show_learning(found)
    if found["phases"]:
        print()
        rows = [["phase", "start s", "seconds", "MB between sites"]]
        for phase in found["phases"]:
            moved = "%.1f" % (phase["bytes"] / 1e6) if "bytes" in phase else "-"
            rows.append([plain(phase["name"]), "%.1f" % phase["start"], "%.1f" % phase["seconds"], moved])
        rows.append(["all", "", "%.1f" % found["seconds"], "%.1f" % (found["bytes"] / 1e6)])
        table(rows)


def main(arguments):
    parser = argparse.ArgumentParser(description="Reads the report of a trial.")
    parser.add_argument("report", help="the JSON file, or the folder of the report")
    parser.add_argument("--json", metavar="PATH", help="write the summary as JSON, - for standard output")
    options = parser.parse_args(arguments)
    try:
        found = summary(load(options.report))
    except (NoReport, KeyError, TypeError) as error:
        print("atoll_report.py: %s" % (error if isinstance(error, NoReport) else "the report lacks %s" % error), file=sys.stderr)
        return 2
    if options.json:
        text = json.dumps(found, indent=2, sort_keys=True) + "\n"
        if options.json == "-":
            sys.stdout.write(text)
        else:
            with open(options.json, "w", encoding="utf-8") as file:
                file.write(text)
    else:
        show(found)
    return 0 if found["held"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
