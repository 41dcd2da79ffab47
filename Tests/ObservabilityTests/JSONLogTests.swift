import Faults
import Foundation
import Logging
import Testing

@testable import Observability

@Suite struct JSONLogTests {
    let sink = MemorySink()

    @Test func aLineHasTheseMembersInThisOrder() {
        sink.logger(.json, ["app": "site", "port": "80"]).info("listening", metadata: ["tenant": "retail"])
        #expect(
            sink.last == #"{"time":"2026-03-01T08:15:30.250Z","level":"info","logger":"atoll.test","#
                + #""source":"ObservabilityTests","message":"listening","app":"site","tenant":"retail","#
                + #""metadata":{"port":"80"}}"#)
    }

    @Test func everyControlAndQuoteSurvivesAReader() throws {
        let controls = (0..<0xA0).compactMap(Unicode.Scalar.init).reduce(into: "") { $0.unicodeScalars.append($1) }
        let nasty = controls + "\u{2028}汉\\\""
        sink.logger(.json).warning("\(nasty)", metadata: ["k\n": "\(nasty)"])
        #expect(sink.last.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        let object = try decoded()
        #expect(object["message"] as? String == nasty)
        #expect((object["metadata"] as? [String: String])?["k\n"] == nasty)
    }

    @Test func nestedMetadataStaysNested() throws {
        sink.logger(.json).info("x", metadata: ["a": ["one", ["deep": "two"]]])
        let metadata = try #require(try decoded()["metadata"] as? [String: Any])
        let items = try #require(metadata["a"] as? [Any])
        #expect(items.first as? String == "one")
        #expect(items.last as? [String: String] == ["deep": "two"])
    }

    @Test func metadataCannotReplaceTheLinesOwnMembers() throws {
        sink.logger(.json).info("real", metadata: ["message": "forged", "level": "error"])
        let object = try decoded()
        #expect(object["message"] as? String == "real")
        #expect(object["level"] as? String == "info")
        #expect(object["metadata"] as? [String: String] == ["message": "forged", "level": "error"])
    }

    @Test func aFaultIsNamedByItsNumber() throws {
        let fault = Fault(ObservabilityFaults.unknownLogLevel, file: "Some/File.swift", line: 7)
        sink.logger(.json).error("refused", error: fault)
        let object = try decoded()
        #expect(object["fault"] as? String == "ATL-9001")
        #expect(object["thrown_at"] as? String == "Some/File.swift:7")
        #expect((object["error"] as? String)?.hasPrefix("ATL-9001 ") == true)
    }

    @Test func theCallWinsOverTheProviderAndTheProviderOverTheLogger() throws {
        let provider = Logger.MetadataProvider { ["job": "provider", "user": "provider"] }
        let logger = sink.logger(.json, ["job": "logger", "user": "logger", "site": "logger"], provider: provider)
        logger.info("x", metadata: ["job": "call"])
        let object = try decoded()
        #expect(object["job"] as? String == "call")
        #expect(object["user"] as? String == "provider")
        #expect(object["site"] as? String == "logger")
    }

    private func decoded() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(sink.last.utf8)) as? [String: Any])
    }
}
