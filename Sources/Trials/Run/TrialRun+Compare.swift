import Faults
import Jobs
import Ledger
import Modeling
import Resources
import Tables
import TaskRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What federation was worth: the driver of a trial may read what every site has, so it trains in one place, and by the
/// guest's columns alone, and measures all three on the rows that no model has learnt from.
extension TrialRun {
    func compare(_ learning: TrialSpec.Learning) async throws {
        let folder = self.folder.path + "/compare"
        report.ledgers = []
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var tables: [ColumnFile] = []
        for index in spec.sites.indices {
            tables.append(try await table(left: findings.aligned[index] ?? "", at: index, in: folder))
            tell(.progress(.report, "\(spec.sites[index].name): \(tables[index].rows) common rows"))
        }
        let baseline = try BoostBaseline(try await setting("train", training(learning)), tables: tables)
        tell(.progress(.report, "training in one place"))
        let central = try baseline.model()
        let alone = try baseline.model(parties: 1)
        let scores = try await table(
            left: "\(Self.dataset)@\(findings.scoring?["status"]?["job"]?.string ?? "")/score", at: 0, in: folder)
        let builder = LearningBuilder(
            spec: spec, findings: findings, baseline: baseline, central: central, joined: tables[0].rows)
        let found = try builder.build(
            federated: try baseline.values("prediction", of: scores),
            centralised: try baseline.testPredictions(central), alone: try baseline.testPredictions(alone),
            tree: learning)
        report.learning = found
        if let parameters = learning.scorecard {
            try await compareScorecards(parameters, learning, baseline, tables, in: folder)
        }
        report.learned.merge(builder.figures(found)) { $1 }
        let names = Dictionary(uniqueKeysWithValues: zip(findings.ids, spec.sites.map(\.name)))
        for index in spec.sites.indices {
            let chains = try await door(index).get(["ledger"], [])["items"]?.array ?? []
            for chain in chains {
                let lines = chain["lines"]?.integer ?? 0
                let of = [("job", chain["job"]?.string ?? ""), ("peer", chain["peer"]?.string ?? "")]
                // Lines are counted from 0, and what comes after a number is asked for.
                let before = lines > 1 ? [("after", "\(lines - 2)")] : []
                let last = try await door(index).get(["ledger", "lines"], of + before + [("limit", "1")])
                report.ledgers.append(
                    .init(
                        site: spec.sites[index].name, peer: names[chain["peer"]?.string ?? ""] ?? "",
                        head: last["items"]?.array?.last?["hash"]?.string ?? "", lines: lines))
            }
        }
    }

    /// Bins, points and scorecards of the sites beside those of one place.
    private func compareScorecards(
        _ parameters: [String: JSONValue], _ learning: TrialSpec.Learning, _ boosted: BoostBaseline,
        _ tables: [ColumnFile], in folder: String
    ) async throws {
        tell(.progress(.report, "a scorecard in one place"))
        let one = try WoeBaseline(try await setting("weigh", weighing(parameters, learning)), tables: tables)
        let builder = ScorecardBuilder(spec: spec, findings: findings, baseline: one, labels: boosted.testLabels)
        var regression: ScorecardBuilder.Regression?
        if let parameters = learning.regression {
            let job = findings.points?["status"]?["job"]?.string ?? ""
            let points = try await table(left: "\(Self.dataset)@\(job)/points", at: 0, in: folder)
            let setting = try await setting("fit", fitting(parameters, learning))
            regression = .init(
                one: try LogisticBaseline(setting, one, selected: builder.selected),
                points: try boosted.values("score", of: points))
        }
        let scorecard = try builder.build(regression)
        report.learning?.scorecard = scorecard
        report.learned.merge(scorecard.figures) { $1 }
    }

    /// The parameters of a job's task as its plan has them.
    private func setting(_ name: String, _ document: JSONValue) async throws -> TaskSetting {
        var ids: [SiteID] = []
        for index in spec.sites.indices {
            guard let id = try await door(index).get(["site"], [])["id"]?.string.flatMap(SiteID.init) else {
                throw Fault(ProgramFaults.strangeAnswer, at: spec.sites[index].name)
            }
            ids.append(id)
        }
        findings.ids = ids.map(\.text)
        let job = Resource(
            ResourceID(kind: Job.kindName, scope: spec.scope, name: name), spec: document)
        let plan = try PlanCompiler(Operators.all).compile(
            job, id: ULID.make(), site: ids[0], seed: [],
            peers: Dictionary(uniqueKeysWithValues: zip(spec.sites.map(\.name), ids).dropFirst()))
        return plan.setting(of: plan.tasks[0])
    }

    /// What a task left at a site, as a table in the trial's folder.
    private func table(left reference: String, at index: Int, in folder: String) async throws -> ColumnFile {
        let words = reference.split(separator: "@").last?.split(separator: "/").map(String.init) ?? []
        let items = try await door(index).get(["datasets"], query)["items"]?.array ?? []
        let found = items.first {
            $0["spec"]?["lineage"]?["job"]?.string == words.first
                && $0["spec"]?["lineage"]?["task"]?.string == words.last
        }
        guard let found, let name = found["metadata"]?["name"]?.string else {
            throw Fault(TrialFaults.jobFailed, "A job has left no dataset.", at: spec.sites[index].name)
        }
        let path = "\(folder)/\(spec.sites[index].name)-\(name)"
        try await door(index).export(name, query, to: path + ".csv")
        let columns = try (found["spec"]?["columns"]?.array ?? []).map { column in
            guard
                let type = ColumnType(
                    name: column["type"]?.string ?? "", scale: column["scale"]?.integer.map { Int($0) })
            else { throw Fault(ProgramFaults.strangeAnswer, at: name) }
            return try ColumnSchema(column["name"]?.string ?? "", type)
        }
        let importer = CSVImporter(schema: try TableSchema(columns: columns), scratch: folder)
        _ = try importer.run(try FileInput(path: path + ".csv"), to: path + ".table")
        return try ColumnFile(path: path + ".table")
    }
}
