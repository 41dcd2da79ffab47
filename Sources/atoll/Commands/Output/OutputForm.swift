import ArgumentParser
import Faults
import Resources

/// How a command may write its result.
enum OutputForm: String, CaseIterable, Sendable, ExpressibleByArgument {
    case table, json, yaml

    /// The value as JSON or YAML; nil when a table is wanted.
    func document(_ value: JSONValue) -> String? {
        switch self {
        case .table: nil
        case .json: JSONWriter.pretty(value)
        case .yaml: YAMLWriter.write(value)
        }
    }

    /// Writes a list: `{"items": [...]}`, or one row an item with the members named by the columns.
    func print(_ items: [JSONValue], columns: [(title: String, member: String)]) throws(Fault) {
        if let document = document(["items": .array(items)]) { return try Console.write(document) }
        var table = TextTable(columns.map(\.title))
        for item in items { table.add(columns.map { .init(CellText.text(item[$0.member])) }) }
        try Console.write(table.text(for: .output))
    }
}

/// How `get`, which lists resources, may write them.
enum ListForm: String, CaseIterable, Sendable, ExpressibleByArgument {
    case table, wide, json, yaml, name
}

/// How a command that goes on may write what happens: a line for people, or one JSON value a line.
enum StreamForm: String, CaseIterable, Sendable, ExpressibleByArgument {
    case table, json
}
