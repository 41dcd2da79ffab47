import Faults
import GRDB
public import People
public import Resources

/// What one quota allows of files and datasets.
public struct StorageQuota: Sendable, Hashable {
    public let name: String
    /// A tenant, or one of its projects.
    public let scope: Scope
    /// In bytes; nil for no bound.
    public let bytes: Int64?

    public init(_ resource: Resource) {
        name = resource.metadata.name
        scope = Scope(tenant: resource.metadata.scope.tenant, project: resource.spec["project"]?.string)
        bytes = resource.spec["storage"]?.integer.map { $0 << 20 }
    }

    /// - Parameter used: in bytes.
    /// - Parameter unit: in which it is told, as a power of two: 0 for bytes, 20 for MiB, of which a part counts whole.
    public func bounds(used: Int64, unit: Int64 = 20) -> [QuotaBound] {
        let whole = (used + (1 << unit) - 1) >> unit
        let what = unit == 0 ? "bytes of storage" : "MiB of storage"
        return [QuotaBound("storage", what, used: whole, hard: bytes.map { $0 >> unit })].compactMap(\.self)
    }

    /// - Throws: `DataFaults.overQuota` in bytes.
    func check(used: Int64, asked: Int64) throws(Fault) {
        try Quota.check(
            bounds(used: used, unit: 0), asked: ["storage": asked], name: name, scope: scope,
            refusal: DataFaults.overQuota)
    }
}

/// What is stored in tenants and projects, held against quotas in the transaction that adds to it: so uploads and datasets
/// that come together, or a site that is killed in between, never pass one.
public struct StorageUse: Sendable {
    private let database: SQLiteDatabase
    private let store: any ResourceStore

    public init(_ database: SQLiteDatabase, store: any ResourceStore) {
        self.database = database
        self.store = store
    }

    /// The bytes of files and datasets in a tenant or project, with those of uploads that are open.
    public func bytes(in scope: Scope) async throws -> Int64 {
        try await database.read { db in try Self.bytes(in: scope, db) }
    }

    /// A check for the transaction that adds so many bytes.
    ///
    /// - Returns: what throws `DataFaults.overQuota`.
    func admission(of bytes: Int64, in scope: Scope) async throws -> @Sendable (Database) throws -> Void {
        let quotas = try await Quota.over(scope, in: store).map(StorageQuota.init).filter { $0.bytes != nil }
        return { db in
            for quota in quotas { try quota.check(used: try Self.bytes(in: quota.scope, db), asked: bytes) }
        }
    }

    /// - Throws: `DataFaults.overQuota` where nothing more fits.
    func checkRoom(for bytes: Int64, in scope: Scope) async throws {
        let check = try await admission(of: bytes, in: scope)
        try await database.read { db in try check(db) }
    }

    private static func bytes(in scope: Scope, _ db: Database) throws -> Int64 {
        let place = "tenant = :tenant AND (:project IS NULL OR project = :project)"
        // An upload that is registered has content of the same id.
        return try Int64.fetchOne(
            db,
            sql: """
                SELECT (SELECT COALESCE(SUM(bytes), 0) FROM content WHERE \(place))
                    + (SELECT COALESCE(SUM(bytes), 0) FROM upload WHERE state IN ('open', 'completing') AND \(place)
                        AND id NOT IN (SELECT id FROM content))
                """, arguments: ["tenant": scope.tenant ?? "", "project": scope.project]) ?? 0
    }
}
