import Faults

/// The parameters of `model.join`, read once.
struct JoinPlan: Sendable {
    let model: String
    let datasets: [String]
    /// The columns of each host; nil where the training took those that there were.
    let columns: [[String]?]
    /// Most columns of a host that are not named.
    let columnLimit: Int
    let trees: Int
    let depth: Int
    /// Which of the task's parties the guest and the hosts are.
    let parties: [Int]

    /// The most bytes of a column's name that a message has room for.
    static let nameBytes = 512
    static let saltBytes = 32

    /// - Throws: `BoostFaults.parameters`.
    init(_ setting: TaskSetting) throws(Fault) {
        parties = setting.parties(inRoles: ["guest", "host"])
        let hosts = parties.count - 1
        model = setting.text("model")
        datasets = ParameterList.elements(of: setting.text("hostDatasets"), by: ParameterList.parties)
        let named = setting.text("hostColumns")
        let lists = named.isEmpty ? [] : ParameterList.elements(of: named, by: ParameterList.parties)
        for (name, count) in [("hostDatasets", datasets.count), ("hostColumns", named.isEmpty ? hosts : lists.count)]
        where count != hosts {
            throw Fault(BoostFaults.parameters, at: name, wanted: "\(hosts) lists, separated by semicolons")
        }
        columns = (0..<hosts).map { host in
            guard !named.isEmpty, !lists[host].isEmpty else { return nil }
            return ParameterList.elements(of: lists[host], by: ParameterList.columns)
        }
        columnLimit = Int(setting.integer("hostColumnLimit"))
        trees = Int(setting.integer("trees"))
        depth = Int(setting.integer("depth"))
    }

    var hosts: Int { parties.count - 1 }

    /// Bytes of the message of a host, which is filled up to them: the salt, a length and the part.
    func partBytes(host: Int) -> Int {
        let names = columns[host].map { $0.map(\.utf8.count) } ?? [Int](repeating: Self.nameBytes, count: columnLimit)
        return Self.saltBytes + 4 + 12 + names.reduce(0) { $0 + 4 + $1 } + 17 * trees * ((1 << depth) - 1)
    }

    func messages() -> [MessageRow] {
        (0..<hosts).map { host in
            let sizes = BoostSchedule.frames(partBytes(host: host))
            return MessageRow(
                type: JoinMessage.part.rawValue, from: parties[host + 1], to: parties[0], steps: 1...1,
                count: UInt64(sizes.count), schema: "names of the host's columns and its splits", elementBits: 8,
                maximumBytes: sizes.max() ?? 0, expectedBytes: UInt64(partBytes(host: host)))
        }
    }

    /// A host's dataset is not read; its owner agrees by a grant of it that the part may be told.
    func reads() -> [DatasetUse] {
        (0..<hosts).sorted { parties[$0 + 1] < parties[$1 + 1] }.map { host in
            var use = DatasetUse(party: parties[host + 1], dataset: datasets[host])
            use.columns = columns[host]
            use.reveals = ["model"]
            return use
        }
    }

    func cost(party: Int, _ rates: MachineRates) -> TaskCost {
        let rows = messages()
        let wire = rows.reduce(0) { $0 + $1.expectedBytes }
        return TaskCost(
            seconds: 0.5 + Double(wire) / rates.bandwidth + 2 * rates.roundTrip,
            bytesOut: rows.filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes },
            memory: UInt64(64 << 20) + 2 * wire)
    }
}

/// The types of messages of `model.join`.
enum JoinMessage: String, Sendable {
    /// Host to guest.
    case part = "join.part"
}
