import Faults
import Trials

/// A trial's report as people read it: sites, pairs, times, expectations, and one last line.
struct TrialText {
    private let report: TrialReport

    init(_ report: TrialReport) {
        self.report = report
    }

    func text(for terminal: Terminal) -> String {
        var parts: [String] = []
        if !report.sites.isEmpty { parts.append(sites.text(for: terminal)) }
        if !report.pairs.isEmpty { parts.append(pairs.text(for: terminal)) }
        if report.pairs.isEmpty, !report.routes.isEmpty { parts.append(routes.text(for: terminal)) }
        parts.append(phases.text(for: terminal))
        if report.resumed > 0 {
            parts.append(
                "Resumed \(report.resumed == 1 ? "once" : "\(report.resumed) times"): pauses are in no phase's time.")
        }
        if let line = prediction { parts.append(line) }
        if let learning = report.learning {
            parts.append(models(learning).text(for: terminal))
            parts.append(worth(learning, terminal))
        }
        if !report.expectations.isEmpty { parts.append(expectations(terminal)) }
        if let kept = report.kept {
            parts.append(
                "The sites run on in \(TerminalText.line(kept)); `atoll trial clean \(report.name)` ends them.")
        }
        parts.append(last(terminal))
        return parts.joined(separator: "\n\n")
    }

    /// What held, or what failed.
    private func last(_ terminal: Terminal) -> String {
        guard let failure = report.failure else {
            return terminal.paint("Trial \(report.name): everything held.", .good)
        }
        let what = TerminalText.line(failure.what)
        return terminal.paint("Trial \(report.name) failed:", .bad) + " \(failure.number) \(what)"
    }

    private var sites: TextTable {
        var table = TextTable(["SITE", "PRODUCTS/S", "ENCRYPTIONS/S", "DECRYPTIONS/S", "DISK WRITE", "DISK READ"])
        for site in report.sites {
            let figures = site.figures
            table.add([
                .init(site.name), .init(Self.count(figures["kernel.products_per_second"])),
                .init(Self.count(figures["kernel.encryptions_per_second"])),
                .init(Self.count(figures["kernel.decryptions_per_second"])),
                .init(Self.rate(figures["disk.write"])), .init(Self.rate(figures["disk.read"])),
            ])
        }
        return table
    }

    private var pairs: TextTable {
        var table = TextTable(["FROM", "TO", "ROUND TRIP", "P99", "BANDWIDTH OUT", "BANDWIDTH IN", "LARGEST FRAME"])
        for pair in report.pairs {
            let figures = pair.figures
            table.add([
                .init(pair.from), .init(pair.to), .init(Self.time(figures["round_trip_p50"])),
                .init(Self.time(figures["round_trip_p99"])), .init(Self.rate(figures["bandwidth_out"])),
                .init(Self.rate(figures["bandwidth_in"])), .init(Self.bytes(figures["largest_frame"])),
            ])
        }
        return table
    }

    private var routes: TextTable {
        var table = TextTable(["FROM", "TO", "LAYERS", "OUTCOME"])
        for route in report.routes {
            table.add([.init(route.from), .init(route.to), .init("\(route.layers)"), .init(route.outcome)])
        }
        return table
    }

    private var phases: TextTable {
        var table = TextTable(["PHASE", "TIME", "CPU", "MEMORY", "BETWEEN SITES"])
        for phase in report.phases {
            table.add([
                .init(phase.phase.rawValue), .init(Self.seconds(phase.seconds)),
                .init(phase.cpuSeconds.map(Self.seconds) ?? ""),
                .init(phase.memory.map { Self.decimal($0 / 1_048_576, 0) + " MiB" } ?? ""),
                .init(phase.bytes.map { $0 > 0 ? Self.decimal($0 / 1e6, 1) + " MB" : "" } ?? ""),
            ])
        }
        return table
    }

    private var prediction: String? {
        guard let actual = report.actual else { return nil }
        var line = "The job took \(Self.seconds(actual))"
        if let before = report.predictedBefore { line += "; predicted \(Self.seconds(before))" }
        if let predicted = report.predicted { line += ", with what it measured \(Self.seconds(predicted))" }
        return line + "."
    }

    /// Guest alone, between the sites, in one place.
    private func models(_ learning: TrialDocument.Learning) -> TextTable {
        let isBinary = learning.objective == "binary"
        var table = TextTable(["MODEL"] + (isBinary ? ["AUC", "95 %", "KS", "LIFT"] : ["RMSE", "MAE", "R2"]))
        for model in learning.models {
            let measures = model.measures
            func number(_ name: String) -> String { measures[name].map { Self.decimal($0, 4) } ?? "" }
            let cells =
                isBinary
                ? [number("auc"), number("auc.low") + " to " + number("auc.high"), number("ks"), number("lift")]
                : [number("rmse"), number("mae"), number("r2")]
            table.add(([model.name] + cells).map { .init($0) })
        }
        return table
    }

    private func worth(_ learning: TrialDocument.Learning, _ terminal: Terminal) -> String {
        let figures = report.figures
        let isEqual = figures["digest.equal"] == 1
        let measure = learning.objective == "binary" ? "AUC gained" : "RMSE saved"
        func signed(_ value: Double) -> String { (value >= 0 ? "+" : "") + Self.decimal(value, 4) }
        let worth =
            learning.uplift.map { uplift in
                let interval = "95 % interval \(signed(uplift.low)) to \(signed(uplift.high))"
                let isChance = uplift.low <= 0 && uplift.high >= 0 ? ", which may be chance" : ""
                return "\(signed(uplift.value)) of \(measure) (\(interval))\(isChance)"
            } ?? "nothing that could be measured"
        let digest = terminal.paint(
            isEqual ? "is the model of one place, bit for bit" : "is not the model of one place", isEqual ? .good : .bad
        )
        return
            "Federation was worth \(worth), on \(learning.rows.test) rows that no model had seen.\n"
            + "The model between the sites \(digest): \(learning.digests.federated.prefix(16))…"
    }

    private func expectations(_ terminal: Terminal) -> String {
        report.expectations.map { expectation in
            let isHeld = expectation.failure == nil
            let word = terminal.paint(isHeld ? "holds" : "fails", isHeld ? .good : .bad)
            return "\(word)  " + TerminalText.line(expectation.failure?.what ?? expectation.text)
        }.joined(separator: "\n")
    }

    // MARK: - Numbers

    static func seconds(_ value: Double) -> String { decimal(value, 1) + " s" }

    private static func count(_ value: Double?) -> String { value.map { decimal($0, $0 < 100 ? 1 : 0) } ?? "" }

    private static func rate(_ value: Double?) -> String { value.map { decimal($0 / 1e6, 1) + " MB/s" } ?? "" }

    private static func time(_ value: Double?) -> String { value.map { decimal($0 * 1e3, 2) + " ms" } ?? "" }

    private static func bytes(_ value: Double?) -> String { value.map { decimal($0 / 1024, 0) + " KiB" } ?? "" }

    /// - Parameter places: at most four.
    static func decimal(_ value: Double, _ places: Int) -> String {
        let scale: Int64 = [1, 10, 100, 1_000, 10_000][places]
        let scaled = Int64((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let rest = "\(scaled % scale)"
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: places - rest.count) + rest
    }
}
