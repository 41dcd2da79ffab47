import Faults
import Ledger

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The calls between the sites of a job (`docs/protocols/jobs.md`). Bodies are JSON, but for plans, which have one form.
enum JobMessages {
    /// Plan -> nothing, or the fault that stands against it. Stores nothing.
    static let consider = "jobs.consider"
    /// Plan -> nothing. The receiver keeps a mirror of the job.
    static let offer = "jobs.offer"
    /// Decision -> view.
    static let sync = "jobs.sync"
    /// From a partner to the owner: something has changed, ask.
    static let changed = "jobs.changed"

    struct Sync: Codable {
        /// SHA-256 of the plan in hexadecimal.
        var plan: String
        var decision: JobDecision
    }

    struct Changed: Codable {
        var job: String
    }

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(value))
    }

    /// - Throws: `JobFaults.malformed`.
    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(Fault) -> Value {
        guard let value = try? JSONDecoder().decode(type, from: Data(bytes)) else { throw Fault(JobFaults.malformed) }
        return value
    }
}

extension [UInt8] {
    /// Lower-case hexadecimal.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
