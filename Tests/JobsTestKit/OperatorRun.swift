import Faults
import Ledger
public import Sites
public import SitesTestKit
import Synchronization
public import TaskRuntime

/// One task of an operator between sites in memory, with real gateways; workers are threads or processes.
public struct OperatorRun: Sendable {
    public let job: String
    public let task: String
    public let sites: GatewaySites
    public let subject: any Operator
    public let setting: TaskSetting

    /// - Parameter parameters: those that are not left at their defaults.
    public init(
        _ subject: any Operator, on sites: GatewaySites, parameters: [String: ParameterValue] = [:],
        roles: [String]? = nil, job: String = "01JOB", task: String = "task"
    ) {
        self.job = job
        self.task = task
        self.sites = sites
        self.subject = subject
        let ids = sites.sites.map(\.id.text)
        setting = TaskSetting.example(
            of: subject, parameters: parameters,
            parties: ids.indices.map {
                TaskParty(site: ids[$0], role: roles?[$0] ?? subject.description.roles[0].name)
            })
    }

    /// Opens the job at every site.
    public func open(epoch: UInt64 = 1) throws {
        for site in sites.sites { try site.gateway.open(plan(epoch: epoch)) }
    }

    public func plan(epoch: UInt64) -> DeclaredPlan {
        let ids = sites.sites.map(\.id)
        let rows = Dictionary(grouping: subject.description.messages(setting), by: \.type)
        let messages = rows.keys.sorted().map { type -> MessageDeclaration in
            let rows = rows[type]!
            return MessageDeclaration(
                type: type, senders: Set(rows.map { ids[$0.from] }), receivers: Set(rows.map { ids[$0.to] }),
                steps: rows.map(\.steps.lowerBound).min()!...rows.map(\.steps.upperBound).max()!,
                schemaDigest: [UInt8](repeating: 1, count: 32), elementBits: rows[0].elementBits,
                maximumBytes: rows.map(\.maximumBytes).max()!)
        }
        return DeclaredPlan(
            job: job, planDigest: [UInt8](repeating: 9, count: 32), epoch: epoch, peers: ids, tasks: [task: messages])
    }

    /// The order of one party's worker, with a fresh token; after `replace`, wait for `listening` before.
    public func order(_ party: Int, epoch: UInt64 = 1, unit: UInt64 = 0) throws -> TaskOrder {
        let site = sites.sites[party]
        let token = try site.gateway.token(job: job, task: task, unit: unit)
        return TaskOrder(
            socket: site.path, token: token.bytes.hexadecimal, job: job, task: task, epoch: epoch,
            operatorName: subject.description.name, operatorVersion: subject.description.version,
            parameters: setting.parameters, parties: setting.parties.map { .init(site: $0.site, role: $0.role) },
            party: party, seed: setting.seed.hexadecimal, unit: unit, threads: 1, scratch: sites.folder)
    }

    /// Runs every party's worker on a thread of its own to its end.
    ///
    /// - Parameter onStart: given each party's shell before it runs.
    public func run(
        epoch: UInt64 = 1, unit: UInt64 = 0, code: String = "test",
        onStart: @escaping @Sendable (Int, WorkerShell) -> Void = { _, _ in }
    ) async throws -> [WorkerEnd] {
        try await withThrowingTaskGroup(of: (Int, WorkerEnd).self) { group in
            for party in setting.parties.indices {
                let catalogue = OperatorCatalogue([subject])
                group.addTask {
                    try await onPlainThread {
                        let shell = WorkerShell(
                            order: try order(party, epoch: epoch, unit: unit), catalogue: catalogue, code: code,
                            measures: FixedMeasures())
                        onStart(party, shell)
                        return (party, shell.run())
                    }
                }
            }
            var ends = [WorkerEnd](repeating: .cancelled, count: setting.parties.count)
            for try await (party, end) in group { ends[party] = end }
            return ends
        }
    }

    /// What a party's worker gave its gateway last; nil while there is nothing.
    public func result(_ party: Int) throws -> TaskResult? {
        for event in sites.sites[party].events.workerEvents.reversed() {
            if case .done(let bytes) = event.what { return try TaskResult(decoding: bytes) }
        }
        return nil
    }

    /// The latest unit of which every site keeps a checkpoint; 0 for none.
    public func commonUnit() async throws -> UInt64 {
        var common: Set<UInt64>?
        for site in sites.sites {
            let units = Set(try await site.gateway.checkpointUnits(job: job, task: task))
            common = common?.intersection(units) ?? units
        }
        return common?.max() ?? 0
    }
}

extension TaskSetting {
    /// A setting with defaults filled in and a fixed seed.
    public static func example(
        of subject: any Operator, parameters: [String: ParameterValue] = [:], parties: [TaskParty]
    ) -> TaskSetting {
        var complete: [String: ParameterValue] = [:]
        for parameter in subject.description.parameters {
            complete[parameter.name] = parameters[parameter.name] ?? parameter.defaultValue
        }
        return TaskSetting(
            parameters: complete, parties: parties, seed: (0..<32).map { UInt8($0 * 7 + 1) })
    }

    /// So many parties of the operator's first role.
    public static func example(
        of subject: any Operator, parameters: [String: ParameterValue] = [:], parties count: Int
    ) -> TaskSetting {
        let role = subject.description.roles[0].name
        return example(
            of: subject, parameters: parameters,
            parties: (0..<count).map { TaskParty(site: "site-\($0)", role: role) })
    }
}

extension [UInt8] {
    /// Lower-case.
    public var hexadecimal: String {
        let digits = [UInt8]("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
