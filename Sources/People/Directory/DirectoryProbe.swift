import Faults
import Resources

/// One layer of the way to a directory, as a dry run finds it.
public struct DirectoryStep: Sendable, Hashable {
    /// From the bottom up: nothing above one that fails can be judged.
    public enum Layer: String, Sendable, CaseIterable {
        case library, reach, tls, bind, person, password, groups, roles
    }

    public enum Outcome: String, Sendable {
        case pass, warn, fail
    }

    public let layer: Layer
    public let outcome: Outcome
    public let found: String
    public let wanted: String
    public let fix: String

    init(_ layer: Layer, _ outcome: Outcome, _ found: String, wanted: String = "", fix: String = "") {
        self.layer = layer
        self.outcome = outcome
        self.found = found
        self.wanted = wanted
        self.fix = fix
    }
}

/// What a dry run finds: nothing is changed by it, here or there.
public struct DirectoryReport: Sendable {
    public internal(set) var steps: [DirectoryStep] = []
    /// The person's groups, as the directory writes them, nearest first.
    public internal(set) var groups: [String] = []
    /// What a login would give now.
    public internal(set) var roles: [GivenRole] = []

    public var isGood: Bool { !steps.contains { $0.outcome == .fail } }

    mutating func add(_ step: DirectoryStep) { steps.append(step) }
}

extension Directories {
    /// Goes the way of a login, layer by layer, up to the first that fails.
    ///
    /// - Parameters:
    ///   - user: whom to look for; nil ends after the one who searches.
    ///   - password: whether it is the person's; nil to leave that out.
    /// - Throws: `ResourceFaults.notFound`; `PeopleFaults.busy`.
    public func probe(_ name: String, user: String?, password: [UInt8]?) async throws -> DirectoryReport {
        let settings = try DirectorySettings(try await resources.store.get(Directory.id(name)))
        var report = DirectoryReport()
        let errand: DirectoryErrand
        do {
            errand = try await self.errand(settings)
            report.add(DirectoryStep(.library, .pass, "\(errand.library.file) is loaded."))
        } catch let fault as Fault {
            let layer = fault.is(PeopleFaults.directoryLibrary) ? DirectoryStep.Layer.library : .bind
            report.add(
                DirectoryStep(
                    layer, .fail, "\(fault.number) \(fault.what)", wanted: fault.wanted ?? "the secret's value",
                    fix: fault.fix))
            return report
        }
        if let user, !DirectoryPerson.isAskable(user) {
            report.add(
                DirectoryStep(
                    .person, .fail, "The name cannot be asked for.", wanted: "1 to 256 bytes on one line"))
            return report
        }
        // As a whole, since a look at a server that does not answer may take its time at every layer.
        let begun = report
        return try await work(settings) {
            DirectoryProbe(errand: errand, now: .now).run(begun, user: user, password: password)
        }
    }
}

/// The layers of a dry run that ask a directory; blocks.
struct DirectoryProbe {
    let errand: DirectoryErrand
    let now: Timestamp

    /// A certificate that ends within so many days is warned of.
    static let warnDays: Int64 = 14

    func run(_ begun: DirectoryReport, user: String?, password: [UInt8]?) -> DirectoryReport {
        var report = begun
        guard reach(&report), encryption(&report), let connection = bind(&report), let user else { return report }
        guard let person = find(user, over: connection, &report) else { return report }
        if let password, !isRight(password, of: person, &report) { return report }
        groups(of: person, over: connection, &report)
        return report
    }

    /// Every server, since the later ones are asked only when the first are away, and should be there then.
    private func reach(_ report: inout DirectoryReport) -> Bool {
        var (found, isAny, isAll) = ([String](), false, true)
        for address in errand.settings.addresses {
            let outcome = DirectoryReach.probe(address, seconds: errand.settings.connectSeconds)
            isAny = isAny || outcome == .reached
            isAll = isAll && outcome == .reached
            switch outcome {
            case .reached: found.append("\(address) is reached.")
            case .unknownName: found.append("The name of \(address) is not known.")
            case .unreached(let why): found.append("\(address) is not reached: \(why).")
            }
        }
        report.add(
            DirectoryStep(
                .reach, isAll ? .pass : isAny ? .warn : .fail, found.joined(separator: " "),
                wanted: isAll ? "" : "a server that takes connections",
                fix: isAll ? "" : "Check urls, name service, firewalls, and whether the directory runs."))
        return isAny
    }

    private func encryption(_ report: inout DirectoryReport) -> Bool {
        let settings = errand.settings
        guard settings.startsTLS || settings.addresses.contains(where: \.isOverTLS) else {
            report.add(DirectoryStep(.tls, .pass, "No encryption, on this machine alone (allowPlain)."))
            return true
        }
        var isAny = false
        for address in settings.addresses
        where DirectoryReach.probe(address, seconds: settings.connectSeconds) == .reached {
            let step = encryption(at: address)
            isAny = isAny || step.outcome != .fail
            report.add(step)
        }
        return isAny
    }

    private func encryption(at address: DirectoryAddress) -> DirectoryStep {
        do {
            let connection = try touched(address, believesNobody: true)
            let version = connection.tlsVersion() ?? "TLS"
            guard let certificate = connection.peerCertificate().flatMap(DirectoryCertificate.init) else {
                return DirectoryStep(.tls, .pass, "\(address): \(version), a certificate that is believed.")
            }
            let found =
                "\(address): \(version); the certificate is for \(certificate.names.joined(separator: ", ")), "
                + "ends at \(certificate.ends), signed by \(certificate.issuer)."
            let isEnding = certificate.ends.milliseconds - now.milliseconds < Self.warnDays * 86_400_000
            return DirectoryStep(
                .tls, isEnding ? .warn : .pass, found,
                wanted: isEnding ? "\(Self.warnDays) days or more to its end" : "",
                fix: isEnding ? "Give the directory a new certificate." : "")
        } catch {
            // Looked at and told, and nothing else is said over such a connection.
            guard let seen = try? touched(address, believesNobody: false).peerCertificate(),
                let certificate = DirectoryCertificate(seen)
            else {
                return DirectoryStep(
                    .tls, .fail, "\(address): there is no TLS of version 1.2 or newer. \(error.text)",
                    wanted: "TLS 1.2 or newer",
                    fix: "Check the port (636 for ldaps, 389 for startTLS), and the directory's own log.")
            }
            let (found, wanted, fix) = certificate.objection(host: address.host, now: now)
            return DirectoryStep(.tls, .fail, "\(address): \(found)", wanted: wanted, fix: fix)
        }
    }

    /// A connection over which the directory has said what every one says to everybody (RFC 4512, 5.1). Any answer is
    /// one, also that it says nothing.
    private func touched(_ address: DirectoryAddress, believesNobody: Bool) throws(LDAPError) -> LDAPConnection {
        let connection = try errand.connect(to: address, believesNobody: believesNobody)
        do {
            _ = try connection.search("", .entry, "(objectClass=*)", attributes: [], atMost: 1)
        } catch {
            guard error.code > 0 else { throw error }
        }
        return connection
    }

    private func bind(_ report: inout DirectoryReport) -> LDAPConnection? {
        let name = errand.settings.bindName
        do {
            let connection = try errand.open()
            report.add(DirectoryStep(.bind, .pass, name.map { "The directory takes \($0)." } ?? "Nobody searches."))
            return connection
        } catch {
            report.add(
                failed(
                    .bind, error, wanted: "an account that may search",
                    fix: "Check bindDN and the value of the secret \(errand.settings.bindSecret ?? "")."))
            return nil
        }
    }

    private func find(
        _ user: String, over connection: LDAPConnection, _ report: inout DirectoryReport
    ) -> DirectoryPerson? {
        let settings = errand.settings
        do {
            switch try errand.find(user, over: connection) {
            case .person(let person):
                report.add(
                    DirectoryStep(.person, .pass, "Found \(person.entry), here the user \(person.user)."))
                return person
            case .nobody:
                report.add(
                    DirectoryStep(
                        .person, .fail, "Nobody below \(settings.userBase) fits \(settings.userFilter).",
                        wanted: "one entry", fix: "Check the name, userBase and userFilter, and what bindDN may read."))
            case .several:
                report.add(
                    DirectoryStep(
                        .person, .fail, "Several entries fit \(settings.userFilter).", wanted: "one entry",
                        fix: "Make userFilter or userBase narrower, so that a name is one person."))
            case .nameless(let entry):
                report.add(
                    DirectoryStep(
                        .person, .fail, "No name of a user can be made of \(settings.nameAttribute) of \(entry).",
                        wanted: "letters, digits, '.', '_' and '-'",
                        fix: "Name another attribute in nameAttribute, or let bindDN read it."))
            }
        } catch {
            report.add(
                failed(
                    .person, error, wanted: "a search below \(settings.userBase)",
                    fix: "Check userBase and userFilter, and what bindDN may read."))
        }
        return nil
    }

    private func isRight(_ password: [UInt8], of person: DirectoryPerson, _ report: inout DirectoryReport) -> Bool {
        do {
            let isRight = try errand.isRight(password, of: person.entry)
            report.add(
                isRight
                    ? DirectoryStep(.password, .pass, "The directory takes the password.")
                    : DirectoryStep(
                        .password, .fail, "The directory does not take the password.", wanted: "the person's own",
                        fix: "Try again, or see at the directory whether the entry is locked or has to change it."))
            return isRight
        } catch {
            report.add(failed(.password, error, wanted: "an answer", fix: "See the directory's own log."))
            return false
        }
    }

    private func groups(of person: DirectoryPerson, over connection: LDAPConnection, _ report: inout DirectoryReport) {
        let settings = errand.settings
        do {
            let groups = try errand.groups(of: person, over: connection)
            report.groups = groups.map(\.text)
            report.add(
                DirectoryStep(
                    .groups, groups.isEmpty ? .warn : .pass,
                    "Groups: \(groups.count), by other groups \(groups.count { $0.level > 0 }).",
                    wanted: groups.isEmpty ? "one group or more" : "",
                    fix: groups.isEmpty ? "Check groupSource, groupBase and groupFilter." : ""))
            report.roles = settings.roles(of: Set(groups.map(\.name)))
            let isEmpty = report.roles.isEmpty
            report.add(
                DirectoryStep(
                    .roles, isEmpty ? .fail : .pass,
                    isEmpty ? "No group of the person gives a role." : "Roles by groups: \(report.roles.count).",
                    wanted: isEmpty ? "a group that roles names" : "",
                    fix: isEmpty ? "Name one of the groups in roles of the directory's document." : ""))
        } catch {
            report.add(
                failed(
                    .groups, error, wanted: "the groups of the person",
                    fix: "Check groupBase and groupFilter, and what bindDN may read."))
        }
    }

    private func failed(
        _ layer: DirectoryStep.Layer, _ error: LDAPError, wanted: String, fix: String
    ) -> DirectoryStep {
        let fault = Directories.fault(error)
        let text = error.text.isEmpty ? "" : ": \(error.text)"
        return DirectoryStep(
            layer, .fail, "\(fault.number) \(fault.what) Result \(error.code)\(text).", wanted: wanted, fix: fix)
    }
}
