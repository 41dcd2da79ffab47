import Faults
import Foundation
import PeopleTestKit
import Resources
import Synchronization
import Testing

@testable import People

/// What a directory that is not there, or not what it should be, does to logins: nothing to those of the site's own.
@Suite(.enabled(if: Slapd.isInstalled, "slapd is not installed: Scripts/setup.sh test")) struct DirectoryAwayTests {
    @Test func aStoppedDirectoryIsAwayAndTheSitesOwnUsersLogIn() async throws {
        try await DirectoryFixture.with { fixture in
            try await fixture.people.user("root", roles: [["role": "platform-admin"]])
            let (ana, _) = try await fixture.login("ana")
            fixture.slapd.stop()
            for name in ["ana", "absent"] {
                await #expect(throws: Fault(PeopleFaults.directoryAway)) { try await fixture.login(name) }
            }
            #expect(try await fixture.people.login("root").session.user == "root")
            #expect(try await fixture.authority(ana) != nil, "sessions go on")
            try await fixture.slapd.start()
            #expect(try await fixture.login("ana").session.user == "ana")
        }
    }

    /// A directory that takes connections and says nothing, over TLS and without.
    @Test(arguments: [true, false])
    func aSilentDirectoryHoldsUpNobodyElse(isOverTLS: Bool) async throws {
        let silent = try SilentListener()
        try await DirectoryFixture.with { fixture in
            try await fixture.people.user("root", roles: [["role": "platform-admin"]])
            let url = JSONValue.string("\(isOverTLS ? "ldaps" : "ldap")://127.0.0.1:\(silent.port)")
            let slow: [String: JSONValue] = [
                "urls": [url], "startTLS": .bool(false), "allowPlain": .bool(!isOverTLS), "connectSeconds": 2,
                "answerSeconds": 2,
            ]
            try await fixture.set(slow)
            // More than there are threads for, all of them held.
            let isOver = Flag()
            let people = fixture.people
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        await #expect(throws: Fault(PeopleFaults.directoryAway)) {
                            try await people.login("ana", DirectoryFixture.password)
                        }
                        isOver.set()
                    }
                }
                try await Task.sleep(for: .milliseconds(300))
                #expect(try await fixture.people.login("root").session.user == "root")
                #expect(!isOver.isSet, "the login of root waited for the directory")
                try await group.waitForAll()
            }
            // The next server is asked where the first is away.
            try await fixture.set([
                "urls": [url, .string(fixture.slapd.secureURL)], "allowPlain": true, "connectSeconds": 1,
                "answerSeconds": 1,
            ])
            #expect(try await fixture.login("ana").session.user == "ana")
        }
    }

    /// Neither the server's certificate nor its authority is believed for less than all of it.
    @Test(arguments: [Slapd.Certificate.expired, .otherName, .otherAuthority], [false, true])
    func aCertificateThatIsNotRightIsNotBelieved(certificate: Slapd.Certificate, startTLS: Bool) async throws {
        try await DirectoryFixture.with(certificate) { fixture in
            if startTLS { try await fixture.set(["urls": [.string(fixture.slapd.url)], "startTLS": true]) }
            for name in ["ana", "absent"] {
                await #expect(throws: Fault(PeopleFaults.directoryUntrusted)) { try await fixture.login(name) }
            }
            let report = try await fixture.people.directories.probe("bank", user: "ana", password: nil)
            let step = try #require(report.steps.last)
            #expect(step.layer == .tls && step.outcome == .fail && !step.fix.isEmpty)
            let word =
                switch certificate {
                case .expired: "ended at 2021-03-05T04:05:06"
                case .otherName: "is for elsewhere.example"
                default: "signed by CN=other-of-bank"
                }
            #expect(step.found.contains(word), "\(step.found)")
        }
    }

    /// A server that offers nothing newer than TLS 1.1 is not talked to.
    @Test func oldEncryptionIsNone() async throws {
        try await DirectoryFixture.with { fixture in
            try await fixture.slapd.withOldTLS { port in
                try await fixture.set(["urls": [.string("ldaps://127.0.0.1:\(port)")]])
                await #expect(throws: Fault(PeopleFaults.directoryUntrusted)) { try await fixture.login("ana") }
            }
        }
    }

    @Test func theSystemsCertificatesDoNotBelieveTheBanksAuthority() async throws {
        try await DirectoryFixture.with(.good, ["certificates": ""]) { fixture in
            await #expect(throws: Fault(PeopleFaults.directoryUntrusted)) { try await fixture.login("ana") }
        }
    }

    @Test func anAccountOrABaseThatIsNotRightIsTold() async throws {
        try await DirectoryFixture.with { fixture in
            for (change, layer) in [
                (["bindSecret": "wrong"], DirectoryStep.Layer.bind), (["bindSecret": "absent"], .bind),
                (["bindSecret": "empty"], .bind), (["bindDN": "cn=other,dc=bank"], .bind),
                (["userBase": "ou=elsewhere,dc=bank"], .person),
                (["groupBase": "ou=elsewhere,dc=bank"], .groups), (["groupFilter": "(&(member={dn})(=))"], .groups),
            ] as [([String: JSONValue], DirectoryStep.Layer)] {
                try await fixture.set(change)
                await #expect(throws: Fault(PeopleFaults.directoryUnusable), "\(change)") {
                    try await fixture.login("ana")
                }
                let report = try await fixture.people.directories.probe("bank", user: "ana", password: nil)
                #expect(report.steps.last?.layer == layer && report.steps.last?.outcome == .fail, "\(change)")
                #expect(!"\(report)".contains(Slapd.bindPassword))
            }
        }
    }

    @Test func withoutTheLibraryThereIsANumberAndThePackage() {
        do {
            _ = try LDAPLibrary(names: ["libldap-of-nobody.so.1"])
            Issue.record("there is such a library")
        } catch {
            #expect(error.is(PeopleFaults.directoryLibrary) && error.fix.contains("libldap-2.5-0"))
        }
        #expect(throws: Fault(PeopleFaults.directoryLibrary)) { try LDAPLibrary(names: ["libz.so.1"]) }
    }
}

private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    func set() { value.withLock { $0 = true } }
}
