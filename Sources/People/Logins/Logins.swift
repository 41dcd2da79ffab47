public import Faults
public import Resources
import Synchronization

/// How long logins last and how often they may fail.
public struct LoginRules: Sendable {
    /// Failures in a row after which a user is locked.
    public var mostFailures = 5
    public var lockMilliseconds: Int64 = 30 * 60_000
    /// A session that nobody uses ends.
    public var idleMilliseconds: Int64 = 30 * 60_000
    /// A session ends, however much it is used.
    public var sessionMilliseconds: Int64 = 12 * 3_600_000
    /// The secret that makes the first administrator.
    public var firstMilliseconds: Int64 = 24 * 3_600_000
    public var cost = PasswordCost.usual
    /// Logins that are tried from one address within `pace`; more are told to come later.
    public var mostTries = 20
    public var paceMilliseconds: Int64 = 60_000

    public init() {}
}

/// Who logs in, and what that proves afterwards: passwords, sessions, tokens, and the first administrator.
///
/// Users are resources; what they prove themselves with are rows of the site's database, of which none holds a secret.
/// Every question is answered anew from both, so that a user who is disabled, deleted or stripped of a role is so with
/// the next request.
public final class Logins: Sendable {
    let resources: ResourceService
    let rows: LoginRows
    let rules: LoginRules
    /// Nil where the site's own users alone log in.
    let directories: Directories?
    let work = PasswordWork()
    let now: @Sendable () -> Timestamp
    private let tries: Mutex<TryBook>
    /// What is hashed for a user who is not there, at the same cost.
    private let decoy: PasswordHash

    /// - Throws: `PeopleFaults.busy` when hashes cannot be computed at this cost.
    public init(
        _ database: SQLiteDatabase, resources: ResourceService, rules: LoginRules = LoginRules(),
        directories: Directories? = nil, now: @escaping @Sendable () -> Timestamp = { .now }
    ) throws(Fault) {
        self.resources = resources
        self.rows = LoginRows(database)
        self.rules = rules
        self.directories = directories
        self.now = now
        tries = Mutex(TryBook(most: rules.mostTries, pace: rules.paceMilliseconds))
        decoy = try PasswordHash(Array(BearerSecret.make(.session).text.utf8), cost: rules.cost)
    }

    /// Who proved itself, and by what.
    public struct Proven: Sendable {
        public enum Means: Sendable, Hashable {
            case session(String)
            case token(String)
        }

        public let user: String
        /// Of this life of the user.
        public let uid: String
        public let authority: Authority
        public let means: Means
    }

    /// Checks a password and begins a session with a new secret; whatever session the request came with ends.
    ///
    /// The answer and its time are the same for a wrong password, a user who is not there, disabled or locked. A try
    /// counts before it is looked at, so that many at once are not more than allowed one after the other. A name that no
    /// user of the site's own has is asked for at the directories, and a password goes there for no other.
    ///
    /// - Parameters:
    ///   - address: where the request came from, as the session's list shows it.
    ///   - old: the secret that the request came with; it proves nothing afterwards.
    /// - Throws: `PeopleFaults.wrongLogin`, `.tooManyTries`, `.busy`; what keeps a directory from being asked; store faults.
    public func login(
        _ name: String, password: [UInt8], from address: String, replacing old: BearerSecret? = nil
    ) async throws -> (secret: BearerSecret, session: Session) {
        guard tries.withLock({ $0.admit(address, now().milliseconds) }) else { throw Fault(PeopleFaults.tooManyTries) }
        let user = Names.isValid(name) ? try await resources.store.find(User.id(name)) : nil
        if user.map({ User.directory(of: $0) != nil }) ?? true,
            let person = try await provenByDirectory(name, user, password: password)
        {
            if let old, old.use == .session { try await rows.endSession(digest: old.digest) }
            return try await begin(person, from: address)
        }
        let isActive = user.flatMap { User.authority(of: $0, .builtIn) } != nil
        let attempt = try await rows.beginAttempt(
            user?.metadata.name ?? "", uid: user?.metadata.uid ?? "", rules: rules, now: now())
        let hash = attempt.flatMap { PasswordHash($0.hash) }
        let given = password.count <= PasswordRule.length.upperBound ? password : []
        let isRight = try await work.run { [decoy] in
            // The same work where there is nothing to compare with.
            guard let hash else {
                _ = try decoy.matches(given)
                return false
            }
            return try hash.matches(given)
        }
        guard isRight, isActive, let user, let attempt, !attempt.isLocked else { throw Fault(PeopleFaults.wrongLogin) }
        try await rows.endAttempt(user.metadata.name)
        if let hash, hash.cost != rules.cost {
            let stronger = try await work.run { [rules] in try PasswordHash(given, cost: rules.cost).text }
            try await rows.rehash(user.metadata.name, stronger)
        }
        if let old, old.use == .session { try await rows.endSession(digest: old.digest) }
        return try await begin(user, from: address)
    }

    /// Whether there is such a user, for the audit alone: what is typed as a name may be a password.
    public func isKnown(_ name: String) async throws -> Bool {
        guard Names.isValid(name) else { return false }
        return try await resources.store.find(User.id(name)) != nil
    }

    /// Who shows a secret; nil for one that proves nothing, or nothing any more.
    ///
    /// - Parameter isUse: whether it keeps a session from ending for idleness.
    public func proven(by secret: BearerSecret, isUse: Bool = true) async throws -> Proven? {
        switch secret.use {
        case .first: return nil
        case .session:
            guard let session = try await rows.session(digest: secret.digest, rules: rules, now: now(), isUse: isUse),
                let authority = try await authority(session.user, uid: session.uid)
            else { return nil }
            return Proven(user: session.user, uid: session.uid, authority: authority, means: .session(session.id))
        case .token:
            guard let token = try await rows.token(digest: secret.digest, now: now()),
                let authority = try await authority(token.user, uid: token.uid)
            else { return nil }
            return Proven(
                user: token.user, uid: token.uid, authority: authority.limited(to: token.permissions, in: token.scope),
                means: .token(token.id))
        }
    }

    /// Forgets what has ended: sessions, tokens, and whatever belongs to users who are not there any more.
    public func tidy() async throws {
        let users = try await resources.store.listAll(ResourceQuery(kind: User.kind.name)).items
        try await rows.tidy(uids: users.map(\.metadata.uid), rules: rules, now: now())
    }

    func begin(_ user: Resource, from address: String) async throws -> (secret: BearerSecret, session: Session) {
        let secret = BearerSecret.make(.session)
        let start = now()
        let session = Session(
            id: ULID.make(at: start), user: user.metadata.name, uid: user.metadata.uid, created: start, seen: start,
            ends: Timestamp(milliseconds: start.milliseconds + rules.sessionMilliseconds), address: address)
        try await rows.add(session, digest: secret.digest)
        return (secret, session)
    }

    /// The user with that name, if it is the same one still.
    private func authority(_ name: String, uid: String) async throws -> Authority? {
        guard let user = try await resources.store.find(User.id(name)), user.metadata.uid == uid else { return nil }
        return try await authority(of: user)
    }

    /// Nothing as well for users of a directory that is not in use any more.
    func authority(of user: Resource) async throws -> Authority? {
        if let name = User.directory(of: user), try await directories?.settings(name) == nil { return nil }
        return User.authority(of: user, try await RoleBook.load(resources.store))
    }
}

/// How often logins were tried from each address lately.
private struct TryBook {
    let most: Int
    let pace: Int64
    private var seen: [String: (since: Int64, count: Int)] = [:]

    /// Beyond this many addresses those that are done with are forgotten.
    private static let mostAddresses = 10_000

    init(most: Int, pace: Int64) {
        self.most = most
        self.pace = pace
    }

    mutating func admit(_ address: String, _ now: Int64) -> Bool {
        if seen.count > Self.mostAddresses { seen = seen.filter { now - $0.value.since < pace } }
        let known = seen[address]
        guard let known, (0..<pace).contains(now - known.since) else {
            seen[address] = (now, 1)
            return true
        }
        seen[address] = (known.since, known.count + 1)
        return known.count < most
    }
}
