import ArgumentParser
import Faults
import Resources

/// `atoll operators`: what tasks can do.
struct OperatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operators",
        abstract: "List the operators, or show one with its parameters, messages and what it reveals.",
        discussion: """
            EXAMPLES:
              atoll operators
              atoll operators verify
              atoll operators verify -o json
            """
    )

    @Argument(help: "The name of an operator.")
    var name: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        if let name { return try await show(name) }
        let operators = try await connection.connect {
            try await $0.get(APIPath("operators"))["items"]?.array ?? []
        }
        try output.print(operators, columns: [("NAME", "name"), ("VERSION", "version"), ("WHAT IT DOES", "summary")])
    }

    private func show(_ name: String) async throws {
        guard Names.isDotted(name) else {
            throw Fault(
                ResourceFaults.invalidName, "The name of an operator is not allowed.", at: "operator",
                wanted: "names of a-z, 0-9 and '-', joined by dots: `atoll operators`")
        }
        let answer = try await connection.connect { try await $0.get(APIPath("operators", name)) }
        try Console.write(output.document(answer) ?? Self.text(answer))
    }

    static func text(_ known: JSONValue) -> String {
        func list(_ name: String) -> [JSONValue] { known[name]?.array ?? [] }
        func word(_ value: JSONValue?) -> String { value.map(CellText.text) ?? "" }
        var lines = ["\(word(known["name"])) version \(word(known["version"])): \(word(known["summary"]))", ""]
        lines.append(
            "Roles: "
                + list("roles").map { "\(word($0["name"])) (\(word($0["least"])) to \(word($0["most"])))" }
                .joined(separator: ", "))
        if !list("parameters").isEmpty { lines += ["", "Parameters:"] }
        for row in list("parameters") {
            let value = row["default"].map { ", default \(word($0))" } ?? ", required"
            lines.append("  \(word(row["name"])): \(word(row["wanted"]))\(value). \(word(row["summary"]))")
        }
        if !list("messages").isEmpty { lines += ["", "Messages, with the defaults and the fewest parties:"] }
        for row in list("messages") {
            lines.append(
                "  \(word(row["type"])) from party \(word(row["from"])) to \(word(row["to"])): \(word(row["count"])) frames, "
                    + "\(word(row["elementBits"])) bits an element, at most \(word(row["largest"])) bytes; \(word(row["schema"]))"
            )
        }
        lines += ["", "What it reveals:"]
        lines +=
            list("learns").isEmpty
            ? ["  Nothing: no data is touched."]
            : list("learns").map { "  \(word($0["role"])) learns: \(word($0["learns"]))" }
        return lines.joined(separator: "\n")
    }
}
