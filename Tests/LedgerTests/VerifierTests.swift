import Faults
import Foundation
import Ledger
import Resources
import ResourcesTestKit
import Testing

/// Every way of changing an export is found, by the program's verifier and by the Python one.
@Suite struct VerifierTests {
    @Test func everyChangedFieldIsFound() async throws {
        let objects = try await sample(withSalts: true)
        #expect(verified(objects).isWhole)
        var exports: [(name: String, objects: [JSONValue])] = []
        for (index, object) in objects.enumerated() where Self.isFirstOfItsForm(index, in: objects) {
            for (name, value) in object.object ?? [:] {
                for changed in Self.changes(of: value) {
                    var members = object.object ?? [:]
                    members[name] = changed
                    var copy = objects
                    copy[index] = .object(members)
                    exports.append(("\(name) of object \(index)", copy))
                }
                var members = object.object ?? [:]
                members[name] = nil
                var copy = objects
                copy[index] = .object(members)
                exports.append(("without \(name) of object \(index)", copy))
            }
        }
        #expect(exports.count > 100)
        for (name, copy) in exports { #expect(!verified(copy).isWhole, "changed: \(name)") }
        try await expectPythonFinds(exports)
    }

    @Test func missingAddedAndReorderedObjectsAreFound() async throws {
        let objects = try await sample(withSalts: false)
        var exports: [(name: String, objects: [JSONValue])] = []
        for index in objects.indices {
            var copy = objects
            copy.remove(at: index)
            exports.append(("without object \(index)", copy))
            copy = objects
            copy.insert(objects[index], at: index)
            exports.append(("object \(index) twice", copy))
            if index > 0, objects[index] != objects[index - 1] {
                copy = objects
                copy.swapAt(index, index - 1)
                // Lines of different chains may come in any order.
                if !Self.areIndependent(objects[index], objects[index - 1]) {
                    exports.append(("objects \(index - 1) and \(index) in turns", copy))
                }
            }
            exports.append(("cut before \(index)", Array(objects[..<index])))
        }
        exports.append(("something after the end", objects + [["type": "end", "objects": 1]]))
        exports.append(("no object", objects + ["text"]))
        for (name, copy) in exports { #expect(!verified(copy).isWhole, "\(name)") }
        try await expectPythonFinds(exports)
    }

    @Test func anExportOfOneJobHasNoSiteChainAndHolds() async throws {
        try await Pair.with { pair in
            try await pair.exchange(0)
            try await pair.first.record([
                {
                    var record = pair.frame(0).sent
                    record.job = "01JYYYYYYYYYYYYYYYYYYYYYYY"
                    return record
                }()
            ])
            let objects = try await pair.first.reader.exported(job: Pair.job)
            #expect(!objects.contains { $0["job"] == "01JYYYYYYYYYYYYYYYYYYYYYYY" || $0["type"] == "site" })
            #expect(verified(objects).isWhole)
            let unsalted = try await pair.first.reader.exported()
            #expect(!unsalted.contains { $0["salt"] != nil })
            let salted = try await pair.first.reader.exported(withSalts: true)
            let frame = try #require(salted.first { $0["kind"] == "frame" })
            let payload = Array("payload 0 0".utf8)
            let digest = LedgerHash.payload(payload, salt: [UInt8](repeating: 0, count: 16))
            #expect(frame["salt"]?.string == String(repeating: "00", count: 16))
            #expect(frame["payloadDigest"]?.string == digest.map { String(format: "%02x", $0) }.joined())
        }
    }

    @Test func aLineThatIsNoJSONAndAForeignFileAreFindings() {
        var verifier = LedgerVerifier()
        verifier.takeUnreadable(Fault(LedgerFaults.malformedExport))
        verifier.take(["type": "line"])
        let report = verifier.finish()
        #expect(report.findings.count == 3 && report.site == nil)
        #expect(report.fault?.is(LedgerFaults.notVerified) == true)
        #expect(report.json["whole"] == false)
        #expect(LedgerVerifier.compare(verifier, verifier).count == 1)
    }

    @Test func moreFindingsThanAnyoneReadsAreCounted() {
        var verifier = LedgerVerifier()
        for _ in 0..<1000 { verifier.take(1) }
        let report = verifier.finish()
        #expect(report.findings.count == LedgerVerifier.mostFindings)
        #expect(report.moreFindings == 1001 - LedgerVerifier.mostFindings)
    }

    /// Frames both ways, a resend, a repeated attempt, a refusal, a co-signature and a receipt.
    private func sample(withSalts: Bool) async throws -> [JSONValue] {
        let result = Shared<[JSONValue]>([])
        try await Pair.with { pair in
            for sequence in 0..<4 { try await pair.exchange(UInt64(sequence)) }
            try await pair.exchange(3)
            try await pair.exchange(2, content: 4)
            for sequence in 0..<3 { try await pair.exchange(UInt64(sequence), back: true, task: "train") }
            try await pair.first.refuse(
                RefusalRecord(
                    direction: .received, peer: pair.other.site, job: Pair.job, task: "train", step: 1, sequence: 9,
                    messageType: "a.b", number: 3051))
            try await pair.coSign()
            try await pair.exchange(3, content: 4)
            try await pair.coSign(isClosed: true)
            let objects = try await pair.first.reader.exported(withSalts: withSalts)
            let other = try await pair.second.reader.exported(withSalts: withSalts)
            #expect(compared(objects, other).isEmpty)
            try await PythonVerifier.expectWhole(objects, other)
            result.withLock { $0 = objects }
        }
        return result.withLock { $0 }
    }

    private static func isFirstOfItsForm(_ index: Int, in objects: [JSONValue]) -> Bool {
        func form(_ object: JSONValue) -> [JSONValue?] { [object["type"], object["kind"], object["standing"]] }
        return !objects[..<index].contains { form($0) == form(objects[index]) }
    }

    private static func changes(of value: JSONValue) -> [JSONValue] {
        switch value {
        case .integer(let number): [.integer(number + 1), .integer(-1), .string(String(number)), .bool(true)]
        case .bool(let flag): [.bool(!flag), .integer(flag ? 1 : 0)]
        case .string(let text):
            [
                .string(text + "0"), .string(String(text.dropLast()) + (text.last == "a" ? "b" : "a")),
                .string(String(repeating: "a", count: text.count + 4)), .null,
            ]
        case .array(let items): [.array(items.dropLast()), .array(items.reversed()), .string("")]
        case .object, .number, .null: [.string("")]
        }
    }

    private static func areIndependent(_ one: JSONValue, _ other: JSONValue) -> Bool {
        one["type"] == "line" && other["type"] == "line" && one["peer"] != other["peer"]
    }

    /// All at once: starting an interpreter for each would take minutes.
    private func expectPythonFinds(_ exports: [(name: String, objects: [JSONValue])]) async throws {
        guard PythonVerifier.isHere else { return }
        try await withTemporaryFolder { folder in
            for (index, export) in exports.enumerated() {
                let lines = export.objects.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) + "\n" }
                try lines.joined().write(toFile: "\(folder)/\(index).jsonl", atomically: false, encoding: .utf8)
            }
            let outcome = try await PythonVerifier.runEach(in: folder, count: exports.count)
            let statuses = outcome.text.split(separator: "\n").compactMap { Int($0) }
            #expect(statuses.count == exports.count, "\(outcome.text.suffix(2000))")
            for (status, export) in zip(statuses, exports) { #expect(status == 1, "Python: \(export.name)") }
        }
    }
}
