import Resources
import Sites

/// One line of the result: what was expected and what was found.
struct NetworkFinding: Sendable, Hashable {
    let from: String
    let to: String
    let attempt: String
    let expected: String
    let found: String

    var isRight: Bool { expected == found }

    var json: JSONValue {
        [
            "from": .string(from), "to": .string(to), "try": .string(attempt), "expected": .string(expected),
            "found": .string(found), "result": .string(isRight ? "pass" : "fail"),
        ]
    }
}

extension NetworkMatrix {
    /// Makes every try; the order of the rows stays.
    func findings(_ run: @escaping @Sendable (NetworkTry) async -> NetworkTry.Outcome) async -> [NetworkFinding] {
        await withTaskGroup(of: (Int, NetworkFinding).self) { group in
            for (index, row) in rows.enumerated() {
                group.addTask {
                    let found = await run(row.attempt)
                    return (index, NetworkFinding(row, found))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension NetworkFinding {
    fileprivate init(_ row: NetworkMatrix.Row, _ found: NetworkTry.Outcome) {
        self.init(
            from: row.source, to: row.target, attempt: row.attempt.way.text, expected: row.expected.text,
            found: found.text)
    }
}
