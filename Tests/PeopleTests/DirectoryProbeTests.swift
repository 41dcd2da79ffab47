import Faults
import PeopleTestKit
import Resources
import Testing

@testable import People

/// The dry run against a real directory.
@Suite(.enabled(if: Slapd.isInstalled, "slapd is not installed: Scripts/setup.sh test")) struct DirectoryProbeTests {
    @Test func theWayOfALoginIsToldLayerByLayerAndNothingIsChanged() async throws {
        try await DirectoryFixture.with { fixture in
            let directories = fixture.people.directories
            let report = try await directories.probe("bank", user: "ana", password: DirectoryFixture.password)
            #expect(report.isGood)
            #expect(
                report.steps.map(\.layer) == [.library, .reach, .tls, .bind, .person, .password, .groups, .roles])
            #expect(report.groups.first == "cn=risk,ou=groups,dc=bank" && report.groups.count == 3)
            #expect(report.roles.map(\.role) == ["modeller"])
            let tls = try #require(report.steps.first { $0.layer == .tls })
            #expect(tls.found.contains("TLS1.3") && tls.found.contains("127.0.0.1") && tls.found.contains("ca-of-bank"))
            #expect(try await fixture.user("ana") == nil)
            let short = try await directories.probe("bank", user: nil, password: nil)
            #expect(short.isGood && short.steps.last?.layer == .bind)
        }
    }

    @Test func whatIsWrongWithAPersonIsTold() async throws {
        try await DirectoryFixture.with { fixture in
            for (name, password, layer) in [
                ("absent", nil, DirectoryStep.Layer.person), ("twin", nil, .person), ("no(name", nil, .person),
                ("a\nb", nil, .person), ("ana", Array("wrong horse battery".utf8), .password),
                ("nobody", nil, .roles), ("ana", [], .password),
            ] as [(String, [UInt8]?, DirectoryStep.Layer)] {
                let report = try await fixture.people.directories.probe("bank", user: name, password: password)
                #expect(!report.isGood && report.steps.last?.layer == layer, "\(name): \(report.steps)")
                #expect(report.roles.isEmpty)
            }
            await #expect(throws: Fault(ResourceFaults.notFound)) {
                try await fixture.people.directories.probe("other", user: nil, password: nil)
            }
        }
    }

    @Test func aDirectoryThatIsAwayFailsAtItsReach() async throws {
        try await DirectoryFixture.with { fixture in
            fixture.slapd.stop()
            let stopped = try await fixture.people.directories.probe("bank", user: "ana", password: nil)
            #expect(stopped.steps.last?.layer == .reach && stopped.steps.last?.outcome == .fail)
            try await fixture.set(["urls": ["ldaps://no.such.host.invalid"]])
            let unknown = try await fixture.people.directories.probe("bank", user: "ana", password: nil)
            #expect(unknown.steps.last?.layer == .reach && unknown.steps.last?.found.contains("not known") == true)
        }
    }

    /// One of two servers is enough, and the other is told of.
    @Test func aServerThatIsAwayIsWarnedOf() async throws {
        try await DirectoryFixture.with { fixture in
            try await fixture.set(["urls": ["ldaps://127.0.0.1:1", .string(fixture.slapd.secureURL)]])
            let report = try await fixture.people.directories.probe("bank", user: "ana", password: nil)
            #expect(report.isGood && report.steps.first { $0.layer == .reach }?.outcome == .warn)
            #expect(try await fixture.login("ana").session.user == "ana")
        }
    }
}
