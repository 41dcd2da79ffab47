import Faults
import Ledger

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The calls between the sites of a job (`docs/protocols/jobs.md`). Bodies are JSON, but for plans, which have one form.
enum JobMessages {
    /// Plan -> `Refusals`, or nothing where there are none. Stores nothing.
    static let consider = "jobs.consider"
    /// Plan -> nothing. The receiver keeps a mirror of the job.
    static let offer = "jobs.offer"
    /// Decision -> view.
    static let sync = "jobs.sync"
    /// From a partner to the owner: something has changed, ask.
    static let changed = "jobs.changed"

    /// `SizeQuestion` -> `SizeAnswer`, where the asker may know it. Stores nothing.
    static let size = "jobs.size"

    /// How many rows has a dataset of yours?
    struct SizeQuestion: Codable {
        /// As plans name it.
        var dataset: String
        /// What the asker wants to do with it.
        var operatorName: String
    }

    struct SizeAnswer: Codable {
        var rows: Int64
    }

    struct Sync: Codable {
        /// SHA-256 of the plan in hexadecimal.
        var plan: String
        var decision: JobDecision
    }

    /// Everything that stands against a plan at one site.
    struct Refusals: Codable {
        static let most = 64

        struct Reason: Codable {
            var problem: JobProblem
            var place: String?
            var wanted: String?
        }

        var reasons: [Reason]

        init(_ fault: Fault) {
            reasons = fault.leaves.prefix(Self.most).map { leaf in
                let bare = Fault(leaf.entry, leaf.what, fix: leaf.fix)
                return Reason(
                    problem: JobProblem(bare), place: leaf.place.map { String($0.prefix(200)) },
                    wanted: leaf.wanted.map { String($0.prefix(500)) })
            }
        }

        /// What another site says: quoted, not trusted.
        func faults(of party: String) -> [Fault] {
            reasons.prefix(Self.most).map { reason in
                let fault = reason.problem.fault
                let place = reason.place.map { "\(party), \($0.prefix(200))" } ?? party
                return Fault(
                    fault.entry, String(fault.what.prefix(500)), at: place,
                    wanted: reason.wanted.map { String($0.prefix(500)) }, fix: String(fault.fix.prefix(500)))
            }
        }
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
