import Faults
import Resources
import Testing

@testable import People

/// Names, filters and documents of directories, without one.
@Suite struct DirectoryTextTests {
    @Test func valuesInFiltersAreEscaped() {
        #expect(DirectoryFilter.escaped("ana") == "ana")
        #expect(DirectoryFilter.escaped("*()\\\u{0} ü") == "\\2a\\28\\29\\5c\\00\\20\\c3\\bc")
        #expect(DirectoryFilter.filled("(uid={name})", ["name": "*)(uid=*"]) == "(uid=\\2a\\29\\28uid=\\2a)")
        // What is filled in is not looked at again, and what is no place stays.
        #expect(
            DirectoryFilter.filled("(a={dn})(b={name}){x", ["name": "{dn}", "dn": "{name}"]) == "(a={name})(b={dn}){x")
        for text in ["(a=b)", "(&(a=b)(c=d))"] { #expect(DirectoryFilter.isWhole(text)) }
        for text in ["", "a=b", "(a=b", "(a=b)(c=d)", "(a=b))", "()(", "(a\n=b)"] {
            #expect(!DirectoryFilter.isWhole(text), "\(text)")
        }
    }

    @Test func distinguishedNamesAreComparedWithoutTheirForm() {
        let same = [
            "cn=Risk Models,ou=groups,dc=bank", "CN=risk models, OU=Groups ,  DC=bank",
            "cn= Risk Models ;ou=groups;dc=bank",
            "cn=Risk\\20Models,ou=groups,dc=bank", "cn=\\52isk Models,ou=groups,dc=bank",
        ]
        #expect(Set(same.map { DistinguishedName($0) }).count == 1)
        let different = [
            "cn=Risk\\, Models,ou=groups,dc=bank", "cn=Risk,cn=Models,ou=groups,dc=bank",
            "cn=Risk+sn=Models,ou=groups,dc=bank",
            "cn=Risk,sn=Models,ou=groups,dc=bank", "cn=Risk Models\\ ,ou=groups,dc=bank", "ou=groups,dc=bank",
            "cn=Risk Models",
        ]
        #expect(Set((different + [same[0]]).map { DistinguishedName($0) }).count == different.count + 1)
        for text in ["", "risk", "cn=a,", ",cn=a", "=a", "cn=a\\", "cn=a,,dc=b"] {
            #expect(DistinguishedName(text) == nil, "\(text)")
        }
    }

    @Test func addressesAreOfTheTwoKinds() {
        let known: [(String, String)] = [
            ("ldaps://ldap.bank.example", "ldaps://ldap.bank.example:636"), ("LDAP://dc1:3268/", "ldap://dc1:3268"),
            ("ldaps://[2001:db8::1]:636", "ldaps://[2001:db8::1]:636"), ("ldap://127.0.0.1", "ldap://127.0.0.1:389"),
        ]
        for (text, wanted) in known { #expect(DirectoryAddress(text)?.description == wanted) }
        for text in [
            "https://a", "ldap://", "ldap://a:0", "ldap://a:65536", "ldap://a:+1", "ldap://a b", "ldap://u@a",
            "ldapi://%2f",
            "ldap://a/dc=b", "ldap://a ldap://b", "ldap://[::1", "ldap://a?x",
        ] {
            #expect(DirectoryAddress(text) == nil, "\(text)")
        }
        for host in ["127.0.0.1", "127.9.9.9", "[::1]"] {
            #expect(DirectoryAddress("ldap://\(host)")?.isLoopback == true)
        }
        for host in ["localhost", "127.0.0.1.example", "128.0.0.1", "127.0.0", "[::2]"] {
            #expect(DirectoryAddress("ldap://\(host)")?.isLoopback == false, "\(host)")
        }
    }

    @Test func namesBecomeNamesOfUsers() {
        #expect(DirectoryPerson.user("Ana.Ferreira_2 x") == "ana-ferreira-2-x")
        for name in ["", "-a", "a@b", "é", "a/b", String(repeating: "a", count: 64), "a."] {
            #expect(DirectoryPerson.user(name) == nil, "\(name)")
        }
    }

    @Test func documentsThatCannotBeMeantAreRefused() async throws {
        let usual: [String: JSONValue] = [
            "preset": "active-directory", "urls": ["ldaps://dc1.bank.example"], "userBase": "DC=bank,DC=example",
        ]
        let wrong: [([String: JSONValue], FaultEntry)] = [
            (["urls": ["https://dc1"]], PeopleFaults.directoryForm), (["startTLS": true], PeopleFaults.directoryForm),
            (["urls": ["ldap://dc1.bank.example"]], PeopleFaults.directoryPlain),
            (["urls": ["ldap://dc1.bank.example"], "allowPlain": true], PeopleFaults.directoryPlain),
            (["urls": ["ldap://localhost"], "allowPlain": true], PeopleFaults.directoryPlain),
            (["urls": ["ldap://127.0.0.1"]], PeopleFaults.directoryPlain),
            (["userFilter": "(uid=ana)"], PeopleFaults.directoryForm),
            (["userFilter": "uid={name}"], PeopleFaults.directoryForm),
            (["groupFilter": "(member=x)"], PeopleFaults.directoryForm),
            (["userBase": "bank"], PeopleFaults.directoryForm),
            (["bindDN": "cn=a,dc=b"], PeopleFaults.directoryForm), (["bindSecret": "a"], PeopleFaults.directoryForm),
            (["nameAttribute": "a)(b"], PeopleFaults.directoryForm),
            (["certificates": "x"], PeopleFaults.directoryForm),
            (["roles": [["group": "risk", "role": "viewer"]]], PeopleFaults.directoryForm),
            (["roles": [["group": "cn=a", "role": "viewer", "project": "p"]]], PeopleFaults.roleMisplaced),
            (["roles": [["group": "cn=a", "role": "platform-admin", "tenant": "t"]]], PeopleFaults.roleMisplaced),
        ]
        try await PeopleFixture.with { site in
            for (change, fault) in wrong {
                let document = Self.document(usual.merging(change) { $1 })
                await #expect(throws: Fault(fault), "\(change)") {
                    try await site.resources.apply([document], defaults: .platform, by: ChangeNote(author: "test"))
                }
            }
            #expect(try await site.resources.store.find(Directory.id("bank")) == nil)
            for change: [String: JSONValue] in [
                [:], ["urls": ["ldap://dc1"], "startTLS": true], ["urls": ["ldap://[::1]"], "allowPlain": true],
            ] {
                _ = try await site.resources.apply(
                    [Self.document(usual.merging(change) { $1 })], defaults: .platform, by: ChangeNote(author: "test"))
            }
        }
    }

    /// What the preset adds for Active Directory, which is not here to be asked.
    @Test func activeDirectoryFollowsGroupsByItsOwnRule() throws {
        let settings = try DirectorySettings(
            Resource(
                Directory.id("bank"),
                spec: ["preset": "active-directory", "urls": ["ldaps://dc1"], "userBase": "DC=bank", "nestedDepth": 5]))
        #expect(settings.groups == .chain && settings.idAttribute == "objectGUID" && settings.groupBase == "DC=bank")
        #expect(
            DirectoryFilter.filled(settings.groupFilter, ["dn": "CN=Ana (R),DC=bank", "name": "ana"])
                == "(&(objectClass=group)(member:1.2.840.113556.1.4.1941:=CN=Ana\\20\\28R\\29,DC=bank))")
        #expect(
            DirectoryFilter.filled(settings.userFilter, ["name": "ana"]).contains("(sAMAccountName=ana)")
                && settings.userFilter.contains("userAccountControl:1.2.840.113556.1.4.803:=2"))
    }

    private static func document(_ spec: [String: JSONValue]) -> Document {
        Document([
            "apiVersion": .string(Resource.apiVersion), "kind": "Directory", "metadata": ["name": "bank"],
            "spec": .object(spec),
        ])
    }
}
