import Arithmetic
public import Faults
import HomomorphicEncryption
import Modeling

/// Weights of evidence and information values of the columns of a guest, who has the labels, and of hosts, who do not: the
/// same, bit for bit, as in one place (`docs/protocols/woe.md`).
public struct WoeOperator: Operator {
    private let shape: @Sendable (TaskSetting) -> SchemeShape

    public init() {
        self.init(shape: { .paillier(bits: Self.bits($0)) })
    }

    /// - Parameter shape: of the scheme; other than Paillier's usual ones for tests.
    init(shape: @escaping @Sendable (TaskSetting) -> SchemeShape) {
        self.shape = shape
    }

    public var description: OperatorDescription {
        let plan = { @Sendable [shape] (setting: TaskSetting) throws(Fault) -> WoePlan in
            try WoePlan(setting, shape: shape(setting))
        }
        return OperatorDescription(
            name: "woe", version: 1,
            summary: "Divides the columns of several parties into bins by their risk; labels stay with the guest.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...15)],
            parameters: Self.parameters, leakage: Self.leakage,
            messages: { setting in (try? plan(setting))?.messages() ?? [] },
            cost: { setting, party, rates in
                (try? plan(setting))?.cost(party: party, rates) ?? TaskCost(seconds: 0, bytesOut: 0, memory: 0)
            },
            reads: { setting in (try? plan(setting))?.reads() ?? [] },
            keeps: { setting, party in (try? plan(setting))?.keeps(party: party) ?? [] },
            sizes: [DatasetSize("rows", role: "guest", dataset: "guestDataset")],
            check: { setting throws(Fault) in _ = try plan(setting) })
    }

    public func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        try makeProtocol(
            setting, party: party, data: data,
            scheme: .paillier(
                bits: Self.bits(setting), profile: setting.text("profile") == "shared" ? .shared : .dedicated)
        ) { plan, place throws(Fault) in
            try BoostTable(
                plan.sources[place], extra: place == 0 ? [plan.label] : [], rows: plan.rows, seed: plan.seed,
                data: data, where: plan.learns)
        }
    }

    func makeProtocol<Pair: AdditiveKeyPair>(
        _ setting: TaskSetting, party: Int, data: TaskData, scheme: BoostScheme<Pair>,
        table: @escaping @Sendable (WoePlan, _ place: Int) throws(Fault) -> BoostTable
    ) throws(Fault) -> any TaskProtocol {
        let plan = try WoePlan(setting, shape: scheme.shape)
        guard let place = plan.parties.firstIndex(of: party) else { throw Fault(BoostFaults.parameters) }
        let read = { @Sendable () throws(Fault) -> BoostTable in try table(plan, place) }
        guard place == 0 else {
            let known = try data.columns(of: party).map { bytes throws(Fault) in try HostColumns(bytes: bytes) }
            return WoeHost(
                plan, scheme: scheme, number: place - 1, threads: data.threads, known: known ?? HostColumns(),
                table: read)
        }
        var known: [GuestColumns] = []
        for host in plan.parties.dropFirst() {
            let bytes = data.columns(of: host)
            known.append(try bytes.map { bytes throws(Fault) in try GuestColumns(bytes: bytes) } ?? GuestColumns())
        }
        return WoeGuest(plan, scheme: scheme, threads: data.threads, known: known, table: read)
    }

    public func columns(
        of owner: Int, before: [UInt8]?, from left: TaskLeft, _ setting: TaskSetting, party: Int
    ) throws(Fault) -> [UInt8]? {
        let plan = try WoePlan(setting, shape: shape(setting))
        guard let place = plan.parties.firstIndex(of: owner), let own = plan.parties.firstIndex(of: party) else {
            throw Fault(BoostFaults.parameters)
        }
        guard own == 0 else {
            var columns = try before.map { bytes throws(Fault) in try HostColumns(bytes: bytes) } ?? HostColumns()
            switch left {
            case .output(let bytes): columns.add(try WoeHostResult(bytes: bytes).columns)
            case .checkpoint(let bytes): columns.add(try HostColumns(bytes: try WoeCheckpoint(bytes: bytes).content))
            }
            return columns.bytes
        }
        let result: WoeGuestResult
        switch left {
        case .output(let bytes): result = try WoeGuestResult(bytes: bytes)
        case .checkpoint(let bytes):
            let checkpoint = try WoeCheckpoint(bytes: bytes)
            // Before it has decided, it has told nothing.
            guard checkpoint.unit > 1 else { return before }
            result = try WoeGuestResult(bytes: checkpoint.content)
        }
        guard result.hosts.indices.contains(place - 1) else { throw Fault(WoeFaults.resultUnusable) }
        var known = try before.map { bytes throws(Fault) in try GuestColumns(bytes: bytes) } ?? GuestColumns()
        for column in result.hosts[place - 1].columns { try known.admit(column) }
        return try known.bytes
    }

    private static func bits(_ setting: TaskSetting) -> Int { Int(setting.text("keyBits")) ?? 3072 }
}

extension WoePlan {
    /// A host remembers the fine bins of its dataset, the guest what each host was told.
    func keeps(party: Int) -> [ColumnsKept] {
        (1...hosts).filter { party == parties[0] || party == parties[$0] }.map {
            ColumnsKept(owner: parties[$0], dataset: sources[$0].dataset)
        }
    }
}
