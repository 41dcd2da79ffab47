import BenchKit
import Foundation
import Modeling

/// The same training in one place, one core.
struct PlaintextFigures: Sendable {
    /// Processor seconds of one tree, by run.
    let seconds: [Double]
    /// Mean loss on all rows after the last tree.
    let loss: Double
    /// xgboost on the same data: its version and seconds of a tree, one thread; nil where Python has none.
    let xgboost: (version: String, seconds: Double)?

    init(_ data: PairedTables, trees: Int) throws {
        let (ids, guest, host) = try data.values()
        var settings = BoostingSettings(objective: .binary)
        settings.trees = trees
        settings.firstTreeByGuestAlone = false
        func columns(_ names: [String], _ values: ColumnValues) throws -> PartyColumns {
            try PartyColumns(binning: names.map { ($0, values[$0] ?? []) }, bins: 32)
        }
        let labels = guest["y"] ?? []
        let training = try TrainingData(
            keys: ids.map { RowKey.key(of: $0) }, labels: labels,
            parties: [columns(data.guestColumns, guest), columns(data.hostColumns, host)])
        let trainer = BoostingTrainer(settings)
        var model: BoostedModel?
        var seconds: [Double] = []
        for _ in 0..<3 {
            let taken = try Timing.once(.thread) { model = try trainer.train(training).model }
            seconds.append(taken / 1e9 / Double(trees))
        }
        self.seconds = seconds
        let predictions = try model?.predictions([guest, host]) ?? []
        loss =
            zip(predictions, labels).reduce(0) { sum, row in
                sum - log(row.1 == 1 ? row.0 : 1 - row.0)
            } / Double(labels.count)
        xgboost = try XGBoost.measure(data, trees: trees)
    }
}

/// xgboost's histogram method through Python, with the same settings.
private enum XGBoost {
    static func measure(_ data: PairedTables, trees: Int) throws -> (version: String, seconds: Double)? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in [("guest", data.guest), ("host", data.host)] {
            try Data(text.utf8).write(to: folder.appending(path: "\(name).csv"))
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program, folder.path, String(trees)]
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let words = said.split(whereSeparator: \.isWhitespace)
        guard process.terminationStatus == 0, words.count == 2, let seconds = Double(words[1]) else { return nil }
        return (String(words[0]), seconds)
    }

    private static let program = """
        import sys, time
        import numpy, xgboost
        folder, trees = sys.argv[1], int(sys.argv[2])
        guest, host = [numpy.loadtxt(folder + "/" + name + ".csv", delimiter=",", skiprows=1) for name in ("guest", "host")]
        matrix = xgboost.QuantileDMatrix(
            numpy.hstack([guest[:, 2:], host[:, 1:]]), label=guest[:, 1], max_bin=32, nthread=1)
        settings = {
            "objective": "binary:logistic", "tree_method": "hist", "max_bin": 32, "max_depth": 5, "eta": 0.3, "lambda": 0.1,
            "min_child_weight": 1, "base_score": 0.5, "nthread": 1,
        }
        runs = []
        for _ in range(3):
            start = time.process_time()
            xgboost.train(settings, matrix, num_boost_round=trees)
            runs.append((time.process_time() - start) / trees)
        print(xgboost.__version__, sorted(runs)[1])
        """
}
