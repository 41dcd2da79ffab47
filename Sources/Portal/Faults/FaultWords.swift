import Faults

/// The catalogue's two sentences about a fault, in Chinese.
struct FaultChinese: Sendable {
    let summary: String
    let fix: String

    init(_ summary: String, _ fix: String) {
        self.summary = summary
        self.fix = fix
    }
}

/// What the catalogue says of its numbers, in Chinese. A test holds that none is missing.
enum FaultWords {
    /// One for each `FaultRange`, in its order.
    static let tables: [[Int: FaultChinese]] = [
        program, resources, arithmetic, sites, jobs, files, modelling, trials, people, observability,
    ]

    static func chinese(_ number: FaultNumber) -> FaultChinese? {
        guard let range = number.range else { return nil }
        return tables[Int(range.rawValue)][Int(number.rawValue)]
    }
}
