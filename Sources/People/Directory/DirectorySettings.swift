import Faults
import Resources
import X509

/// A directory as its document says it, with everything that its preset adds.
struct DirectorySettings: Sendable {
    /// What the people of a group are, and where.
    struct Rule: Sendable {
        let group: DistinguishedName
        let given: GivenRole
    }

    let name: String
    let addresses: [DirectoryAddress]
    let startsTLS: Bool
    /// PEM; nil for the system's.
    let certificates: String?
    let bindName: String?
    /// The name of the secret.
    let bindSecret: String?
    let userBase: String
    let userFilter: String
    let nameAttribute: String
    let displayNameAttribute: String
    let idAttribute: String
    let groups: DirectoryGroups
    let groupAttribute: String
    let groupBase: String
    let groupFilter: String
    let nestedDepth: Int
    let rules: [Rule]
    let connectSeconds: Int
    let answerSeconds: Int
    let renewMinutes: Int64
    let isDisabled: Bool

    /// How long one errand at the directory may take in all, whatever its servers and the names of them do.
    var wholeSeconds: Int { addresses.count * connectSeconds + 2 * answerSeconds }

    /// - Throws: `PeopleFaults.directoryForm`, `.directoryPlain`, `.roleMisplaced`, with the place in the document.
    init(_ resource: Resource) throws(Fault) {
        let spec = resource.spec
        func text(_ field: String) -> String? { spec[field]?.string }
        func number(_ field: String) -> Int { Int(spec[field]?.integer ?? 0) }
        let preset = text("preset").flatMap(DirectoryPreset.init) ?? .openldap
        name = resource.metadata.name
        startsTLS = spec["startTLS"]?.bool ?? false
        addresses = try Self.addresses(spec, startsTLS: startsTLS)
        certificates = try Self.certificates(text("certificates") ?? "")
        bindName = text("bindDN")
        bindSecret = text("bindSecret")
        guard (bindName == nil) == (bindSecret == nil) else {
            throw Self.malformed("bindSecret", "bindDN and bindSecret together, or neither")
        }
        userBase = text("userBase") ?? ""
        groupBase = text("groupBase") ?? userBase
        userFilter = text("userFilter") ?? preset.userFilter
        groups = text("groupSource").flatMap(DirectoryGroups.init) ?? preset.groups
        groupFilter = text("groupFilter") ?? preset.groupFilter(groups)
        for (field, base) in [("bindDN", bindName), ("userBase", userBase), ("groupBase", groupBase)] {
            guard let base, DistinguishedName(base) == nil else { continue }
            throw Self.malformed(field, "a distinguished name, such as ou=people,dc=bank,dc=example")
        }
        guard DirectoryFilter.isWhole(userFilter), userFilter.contains("{name}") else {
            throw Self.malformed("userFilter", "one filter in parentheses with {name} in it, such as (uid={name})")
        }
        guard DirectoryFilter.isWhole(groupFilter), groupFilter.contains("{dn}") || groupFilter.contains("{name}")
        else {
            throw Self.malformed("groupFilter", "one filter in parentheses with {dn} in it, such as (member={dn})")
        }
        nameAttribute = text("nameAttribute") ?? preset.nameAttribute
        displayNameAttribute = text("displayNameAttribute") ?? preset.displayNameAttribute
        idAttribute = text("idAttribute") ?? preset.idAttribute
        groupAttribute = text("groupAttribute") ?? "memberOf"
        for (field, name) in [
            ("nameAttribute", nameAttribute), ("displayNameAttribute", displayNameAttribute),
            ("idAttribute", idAttribute), ("groupAttribute", groupAttribute),
        ] where name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9.;-]*/) == nil {
            throw Self.malformed(field, "the name of an attribute, such as uid")
        }
        nestedDepth = number("nestedDepth")
        rules = try Self.rules(spec)
        connectSeconds = max(1, number("connectSeconds"))
        answerSeconds = max(1, number("answerSeconds"))
        renewMinutes = Int64(max(1, number("renewMinutes")))
        isDisabled = spec["disabled"]?.bool == true || resource.isBeingDeleted
    }

    /// What groups give, each once, in the order of the document.
    func roles(of groups: Set<DistinguishedName>) -> [GivenRole] {
        var seen: Set<GivenRole> = []
        return rules.filter { groups.contains($0.group) }.map(\.given).filter { seen.insert($0).inserted }
    }

    private static func addresses(_ spec: JSONValue, startsTLS: Bool) throws(Fault) -> [DirectoryAddress] {
        var addresses: [DirectoryAddress] = []
        for (index, entry) in (spec["urls"]?.array ?? []).enumerated() {
            guard let address = entry.string.flatMap(DirectoryAddress.init) else {
                throw malformed("urls[\(index)]", "ldaps://HOST or ldap://HOST, with :PORT where it is another")
            }
            if address.isOverTLS, startsTLS {
                throw malformed("startTLS", "false with ldaps://, where everything is encrypted from the beginning")
            }
            let isPlain = !address.isOverTLS && !startsTLS
            if isPlain, !(address.isLoopback && spec["allowPlain"]?.bool == true) {
                throw Fault(PeopleFaults.directoryPlain, at: "spec.urls[\(index)]")
            }
            addresses.append(address)
        }
        return addresses
    }

    private static func certificates(_ text: String) throws(Fault) -> String? {
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        guard let found = try? DirectoryCertificate.all(inPEM: text), !found.isEmpty else {
            throw malformed("certificates", "one certificate or more, each between BEGIN and END CERTIFICATE")
        }
        return text
    }

    private static func rules(_ spec: JSONValue) throws(Fault) -> [Rule] {
        var rules: [Rule] = []
        for (index, entry) in (spec["roles"]?.array ?? []).enumerated() {
            let place = "roles[\(index)]"
            guard let group = entry["group"]?.string.flatMap(DistinguishedName.init) else {
                throw malformed("\(place).group", "a distinguished name, such as cn=risk,ou=groups,dc=bank,dc=example")
            }
            guard entry["project"]?.string == nil || entry["tenant"]?.string != nil else {
                throw Fault(
                    PeopleFaults.roleMisplaced, "A project is named without its tenant.", at: "spec.\(place).project",
                    wanted: "tenant and project, or the tenant alone")
            }
            let given = GivenRole(role: entry["role"]?.string ?? "", scope: User.scope(of: entry))
            if let role = Role.named(given.role), RoleBinding(role, in: given.scope) == nil {
                throw Fault(
                    PeopleFaults.roleMisplaced, "The role \(role.name) is for the whole platform.",
                    at: "spec.\(place).tenant", wanted: "no tenant and no project")
            }
            rules.append(Rule(group: group, given: given))
        }
        return rules
    }

    private static func malformed(_ field: String, _ wanted: String) -> Fault {
        Fault(PeopleFaults.directoryForm, at: "spec.\(field)", wanted: wanted)
    }
}
