import Faults
import Hummingbird
import Observability
import People
public import Resources

/// What the program says about itself: version, kinds, faults, API description, checks.
struct MetaRoutes {
    let service: ResourceService
    let program: ProgramDescription
    let checks: [any HealthCheck]
    let description: DescriptionShelf

    func add(to door: Door) {
        door.get("version", asks: .caller) { [program] _, _ in
            Response.json([
                "version": .string(program.version), "apiVersion": .string(Resource.apiVersion),
                "kernel": .string(program.kernel), "pid": .integer(Int64(program.processID)),
            ])
        }
        door.get("openapi.json", asks: .caller) { [description] _, _ in Response.json(description.document) }
        door.get("kinds", asks: .caller) { [service] _, _ in Response.list(service.registry.kinds.map(\.json)) }
        door.get("faults", asks: .caller) { _, _ in Response.list(FaultCatalogue.all.map(\.json)) }
        door.get("doctor", asks: .view(.checks)) { [checks] _, _ in
            var items: [JSONValue] = []
            for check in checks { items += await check.findings().map(\.json) }
            return Response.list(items)
        }
    }
}

/// What the composition root tells the API about the program.
public struct ProgramDescription: Sendable {
    public let version: String
    /// The arithmetic kernel in use.
    public let kernel: String
    public let processID: Int32

    public init(version: String, kernel: String, processID: Int32) {
        self.version = version
        self.kernel = kernel
        self.processID = processID
    }
}

/// One question about the server's own state, asked by `atoll doctor` and, where it is essential, by `/readyz`.
public protocol HealthCheck: Sendable {
    /// Whether the server can do its work: asked by `/readyz`.
    func run() async -> Finding

    /// Everything the doctor says of it; `run` alone unless there is more.
    func findings() async -> [Finding]
}

extension HealthCheck {
    public func findings() async -> [Finding] { [await run()] }
}

/// The answer to one health check: what was found, what was wanted, how to fix it.
public struct Finding: Sendable {
    public enum Status: String, Sendable {
        case pass, warn, fail
    }

    /// Dotted, stable: `store.writable`.
    public let id: String
    public let status: Status
    public let found: String
    public let wanted: String
    public let fix: String

    public init(_ id: String, _ status: Status, found: String, wanted: String, fix: String) {
        self.id = id
        self.status = status
        self.found = found
        self.wanted = wanted
        self.fix = fix
    }

    public var json: JSONValue {
        [
            "id": .string(id), "status": .string(status.rawValue), "found": .string(found), "wanted": .string(wanted),
            "fix": .string(fix),
        ]
    }
}

extension FaultEntry {
    fileprivate var json: JSONValue {
        [
            "code": .string(number.description), "name": .string(name), "title": .string(title), "fix": .string(fix),
            "status": .integer(Int64(status)),
        ]
    }
}
