import Modeling
import Resources
import Tables

extension TableComparison {
    /// As the API gives it; `docs/data.md` has the form.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "rows": rows.json(), "schema": schema, "columns": .array(columns.map { json($0) }),
        ]
        members["verdict"] = verdict.map { .string($0.rawValue) }
        return .object(members)
    }

    private var schema: JSONValue {
        func names(_ columns: [ColumnSchema], without other: TableSchema) -> JSONValue {
            .array(columns.filter { other.index(of: $0.name) == nil }.map { .string($0.name) })
        }
        let common = columns.map(\.name)
        var members: [String: JSONValue] = [
            "added": names(second.columns, without: first), "removed": names(first.columns, without: second),
            "retyped": .array(
                columns.filter { $0.first != $0.second }.map {
                    ["column": .string($0.name), "first": .string("\($0.first)"), "second": .string("\($0.second)")]
                }),
            "isReordered": .bool(second.columns.map(\.name).filter(Set(common).contains) != common),
        ]
        if first.ids != second.ids {
            members["ids"] = ["first": Self.texts(first.ids), "second": Self.texts(second.ids)]
        }
        if first.label != second.label {
            members["label"] = [
                "first": first.label.map { .string($0) } ?? .null, "second": second.label.map { .string($0) } ?? .null,
            ]
        }
        return .object(members)
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    private func json(_ column: Column) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(column.name), "type": .string("\(column.first)"), "missing": column.missing.json(of: rows),
        ]
        switch column.moved {
        case .by(let index, let verdict, let bins):
            members["psi"] = .number(index)
            members["verdict"] = .string(verdict.rawValue)
            members["bins"] = .array(bins.map { json($0) })
        case .unknown(let reason): members["notCompared"] = .string(reason.rawValue)
        }
        return .object(members)
    }

    private func json(_ bin: Bin) -> JSONValue {
        var members = bin.rows.json(of: rows).object ?? [:]
        members["psi"] = .number(bin.index)
        switch bin.bin {
        case .range(let above, let upTo):
            members["kind"] = "range"
            members["above"] = above.map { .string($0) }
            members["upTo"] = upTo.map { .string($0) }
        case .value(let text):
            members["kind"] = "value"
            members["value"] = .string(text)
        case .rest: members["kind"] = "rest"
        case .missing: members["kind"] = "missing"
        }
        return .object(members)
    }
}

extension TableComparison.Rows {
    /// - Parameter all: rows of the tables, for the shares.
    fileprivate func json(of all: TableComparison.Rows? = nil) -> JSONValue {
        var members: [String: JSONValue] = ["first": .integer(Int64(first)), "second": .integer(Int64(second))]
        if let all {
            members["firstShare"] = .number(all.first > 0 ? Double(first) / Double(all.first) : 0)
            members["secondShare"] = .number(all.second > 0 ? Double(second) / Double(all.second) : 0)
        }
        return .object(members)
    }
}
