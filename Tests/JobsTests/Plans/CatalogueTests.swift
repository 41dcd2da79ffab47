import Jobs
import TaskRuntime
import Testing

/// What gateway and ledger need of every operator of the program, for the fewest parties and for one more.
@Suite struct CatalogueTests {
    @Test(arguments: Operators.all.operators.map(\.description.name))
    func everyMessageCanBeDeclaredAndCarried(_ name: String) throws {
        let known = try #require(Operators.all[name]?.description)
        let examples = known.parameters.map { ($0.name, $0.example) }
        let fewest = known.roles.flatMap { [String](repeating: $0.name, count: $0.count.lowerBound) }
        let more = known.roles.first { $0.count.upperBound > $0.count.lowerBound }.map { fewest + [$0.name] }
        for roles in [fewest, more].compactMap(\.self) {
            var parameters = Dictionary(uniqueKeysWithValues: examples)
            // Lists with one for each host.
            let hosts = max(1, roles.count { $0 == "host" })
            for name in ["hostDatasets", "hostKeys"] where parameters[name] != nil {
                parameters[name] = .text([String](repeating: "x", count: hosts).joined(separator: ";"))
            }
            let setting = TaskSetting(
                parameters: parameters,
                parties: roles.enumerated().map { TaskParty(site: "\($0.offset)", role: $0.element) },
                seed: [UInt8](repeating: 0, count: 32))
            try known.check(setting)
            for row in known.messages(setting) {
                #expect(roles.indices.contains(row.from) && roles.indices.contains(row.to) && row.from != row.to)
                #expect(row.type.wholeMatch(of: /[a-z0-9.-]{1,63}/) != nil, "\(row.type)")
                #expect((0...4 << 20).contains(row.maximumBytes) && row.count > 0)
                #expect(row.expectedBytes <= row.count * UInt64(row.maximumBytes))
            }
            for use in known.reads(setting) { #expect(roles.indices.contains(use.party)) }
            for party in roles.indices {
                let cost = known.cost(setting, party, .careful)
                let sent = known.messages(setting).filter { $0.from == party }.reduce(0) { $0 + $1.expectedBytes }
                #expect(cost.bytesOut == sent)
                #expect(cost.seconds.isFinite && cost.seconds >= 0 && cost.memory > 0)
            }
        }
    }
}
