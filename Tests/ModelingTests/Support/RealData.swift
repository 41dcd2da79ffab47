import Foundation
import Testing

@testable import Modeling

/// Public data outside of the repository, in the folder that `ATOLL_DATA` names: joined by id, sorted by it, divided by its
/// digest.
struct RealData {
    static let folder = ProcessInfo.processInfo.environment["ATOLL_DATA"].flatMap { path in
        FileManager.default.fileExists(atPath: "\(path)/breast_hetero_guest.csv") ? path : nil
    }
    static let skipped: Comment = "ATOLL_DATA names no folder with breast_hetero_guest.csv: real data is not trained on"

    var ids: [Int]
    var labels: [Double]
    /// By party.
    var values: [[(name: String, values: [Double])]]

    /// Joins files, the first of which holds the label in its second column.
    init(_ files: [String]) throws {
        let tables = try files.map { try Self.read($0) }
        ids = tables[0].rows.keys.filter { id in tables.allSatisfy { $0.rows[id] != nil } }.sorted()
        labels = ids.map { tables[0].rows[$0]![0] }
        values = []
        for (party, table) in tables.enumerated() {
            let first = party == 0 ? 1 : 0
            values.append(
                table.names.indices.dropFirst(first).map { place in
                    (table.names[place], ids.map { table.rows[$0]![place] })
                })
        }
    }

    /// The rows of files with the same columns, one after the other, as those of one party.
    init(appending files: [String]) throws {
        self = try RealData([files[0]])
        for file in files.dropFirst() {
            let more = try RealData([file])
            ids += more.ids
            labels += more.labels
            for place in values[0].indices {
                try #require(values[0][place].name == more.values[0][place].name)
                values[0][place].values += more.values[0][place].values
            }
        }
    }

    /// Rows whose key leaves a remainder below 8 by 10, and the others.
    var divided: (train: RealData, test: RealData) {
        let isTrain = ids.map { RowKey.key(of: "\($0)") % 10 < 8 }
        return (chosen(isTrain), chosen(isTrain.map { !$0 }))
    }

    var byName: [ColumnValues] { values.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.name, $0.values) }) } }

    var guestOnly: RealData {
        var other = self
        other.values = [values[0]]
        return other
    }

    func data(bins: Int = 32) throws -> TrainingData {
        try TrainingData(
            keys: ids.map { RowKey.key(of: "\($0)") }, labels: labels,
            parties: values.map { try PartyColumns(binning: $0, bins: bins) })
    }

    private func chosen(_ isIn: [Bool]) -> RealData {
        func pick<Value>(_ list: [Value]) -> [Value] { zip(list, isIn).filter(\.1).map(\.0) }
        var other = self
        other.ids = pick(ids)
        other.labels = pick(labels)
        other.values = values.map { $0.map { ($0.name, pick($0.values)) } }
        return other
    }

    /// Values after the id, by id.
    private static func read(_ name: String) throws -> (names: [String], rows: [Int: [Double]]) {
        let path = "\(folder!)/\(name)"
        var bytes = try Data(contentsOf: URL(filePath: path))
        if name.hasSuffix(".gz") {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["gzip", "-dc", path]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            bytes = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
        }
        var names: [String] = []
        var rows: [Int: [Double]] = [:]
        for line in String(decoding: bytes, as: UTF8.self).utf8.split(separator: UInt8(ascii: "\n")) {
            let cells = line.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
            guard !names.isEmpty else {
                names = cells.dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
                continue
            }
            let numbers = cells.map { Double($0.trimmingCharacters(in: .whitespaces)) }
            rows[Int(try #require(numbers[0]))] = try numbers.dropFirst().map { try #require($0) }
        }
        return (names, rows)
    }
}
