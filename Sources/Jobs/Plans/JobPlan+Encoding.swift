import Crypto
public import Faults
import Ledger
public import TaskRuntime

/// The one form of a plan in bytes: what crosses between sites, what is stored, and what the plan's digest is over.
///
/// Integers big-endian, texts after their length in two bytes, doubles by their bits with one zero: `ATPL`, `u8` version 1, job, name,
/// owner, 32 bytes seed, `u64` memory, `u32` cores, `i64` seconds, `u16` parties of (site, role), `u16` tasks of (name,
/// operator, `u32` version, `u16` names of `after`, `u16` parameters of (name, `u8` form, value) in order of name).
extension JobPlan {
    private static let magic = Array("ATPL".utf8)
    private static let version: UInt8 = 1
    /// The most that a plan may be, in bytes.
    public static let largest = 1 << 20

    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(Self.magic)
        writer.put(Self.version)
        writer.put(job)
        writer.put(name)
        writer.put(owner.text)
        writer.put(seed)
        writer.put(limits.memory)
        writer.put(UInt32(clamping: limits.cores))
        writer.put(limits.seconds)
        writer.put(UInt16(parties.count))
        for party in parties {
            writer.put(party.site.text)
            writer.put(party.role)
        }
        writer.put(UInt16(tasks.count))
        for task in tasks {
            writer.put(task.name)
            writer.put(task.operatorName)
            writer.put(task.operatorVersion)
            writer.put(UInt16(task.after.count))
            for name in task.after { writer.put(name) }
            ParameterValue.write(task.parameters, to: &writer)
        }
        return writer.bytes
    }

    /// SHA-256 of the bytes under a tag of their own; 32 bytes.
    public var digest: [UInt8] { Self.digest(of: bytes) }

    /// The digest of a plan that is given in its bytes.
    public static func digest(of bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("atoll/jobs/plan/1\0".utf8))
        hash.update(data: bytes)
        return Array(hash.finalize())
    }

    /// - Throws: `JobFaults.unreadablePlan` for bytes that are not exactly a plan.
    public init(bytes: [UInt8]) throws(Fault) {
        guard bytes.count <= Self.largest else {
            throw Fault(JobFaults.unreadablePlan, wanted: "at most \(Self.largest) bytes")
        }
        var reader = ByteReader(bytes, or: JobFaults.unreadablePlan)
        guard try reader.raw(4) == Self.magic, try reader.integer(UInt8.self) == Self.version else {
            throw reader.refuse("a plan of version \(Self.version)")
        }
        let job = try reader.text(atMost: 26)
        let name = try reader.text(atMost: 63)
        let owner = try reader.site()
        let seed = try reader.raw(32)
        let limits = JobLimits(
            memory: try reader.count(), cores: Int(try reader.integer(UInt32.self)), seconds: try reader.integer())
        var parties: [PlannedParty] = []
        for _ in 0..<(try reader.integer(UInt16.self)) {
            parties.append(PlannedParty(site: try reader.site(), role: try reader.text(atMost: 32)))
        }
        var tasks: [PlannedTask] = []
        for _ in 0..<(try reader.integer(UInt16.self)) { tasks.append(try PlannedTask(&reader)) }
        try reader.end()
        self.init(
            job: job, name: name, owner: owner, seed: seed, parties: parties, tasks: tasks, limits: limits)
    }

    /// The seed of a task: HMAC-SHA-256 of its name under the job's seed.
    public func seed(of task: String) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: seed))
        code.update(data: Array("atoll/jobs/task-seed/1\0".utf8))
        code.update(data: Array(task.utf8))
        return Array(code.finalize())
    }

    /// What the operator of a task is told.
    public func setting(of task: PlannedTask) -> TaskSetting {
        TaskSetting(
            parameters: task.parameters, parties: parties.map { TaskParty(site: $0.site.text, role: $0.role) },
            seed: seed(of: task.name))
    }
}

extension PlannedTask {
    fileprivate init(_ reader: inout ByteReader) throws(Fault) {
        let name = try reader.text(atMost: 63)
        let operatorName = try reader.text(atMost: 32)
        let version = try reader.integer(UInt32.self)
        var after: [String] = []
        for _ in 0..<(try reader.integer(UInt16.self)) { after.append(try reader.text(atMost: 63)) }
        var parameters: [String: ParameterValue] = [:]
        var last = ""
        for index in 0..<(try reader.integer(UInt16.self)) {
            let name = try reader.text(atMost: 63)
            guard index == 0 || last < name else { throw reader.refuse("parameters in order of name") }
            last = name
            parameters[name] = try ParameterValue(&reader)
        }
        self.init(
            name: name, operatorName: operatorName, operatorVersion: version, after: after, parameters: parameters)
    }
}

extension ParameterValue {
    /// In order of name.
    static func write(_ parameters: [String: ParameterValue], to writer: inout ByteWriter) {
        writer.put(UInt16(parameters.count))
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            writer.put(name)
            value.write(to: &writer)
        }
    }

    private func write(to writer: inout ByteWriter) {
        switch self {
        case .integer(let value):
            writer.put(UInt8(1))
            writer.put(value)
        case .number(let value):
            writer.put(UInt8(2))
            writer.put((value == 0 ? 0 : value).bitPattern)
        case .boolean(let value):
            writer.put(UInt8(3))
            writer.put(UInt8(value ? 1 : 0))
        case .text(let value):
            writer.put(UInt8(4))
            writer.put(value)
        }
    }

    fileprivate init(_ reader: inout ByteReader) throws(Fault) {
        switch try reader.integer(UInt8.self) {
        case 1: self = .integer(try reader.integer())
        case 2:
            let value = Double(bitPattern: try reader.integer())
            guard value.isFinite, value.bitPattern != (-0.0).bitPattern else {
                throw reader.refuse("a finite number, zero without a sign")
            }
            self = .number(value)
        case 3:
            switch try reader.integer(UInt8.self) {
            case 0: self = .boolean(false)
            case 1: self = .boolean(true)
            default: throw reader.refuse("0 or 1")
            }
        case 4: self = .text(try reader.text(atMost: 4096))
        default: throw reader.refuse("a form of a parameter")
        }
    }
}
