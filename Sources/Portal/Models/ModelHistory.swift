import People
import Resources

/// Who changed what of a model: which version was called what, and when the version came.
enum ModelHistory {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let version = try await ModelVersionPage.load(visit)
        let model = try await visit.api.listIfSeen(
            "/models/\(encoded(version.model))/history", visit.placed())
        let own = try await visit.api.listIfSeen(
            "/modelversions/\(encoded("\(version.model)-v\(version.number)"))/history", visit.placed())
        return version.page(visit, .history, live: visit.live(.models, .modelVersions)) {
            section(Words("The model and its aliases", "模型与别名"), id: "model-history") {
                table(Words("History of the model", "模型历史"), model, showsAliases: true)
                commandLines(["atoll history model \(version.model)\(visit.place.optionText)"], id: "model-command")
            }
            section(Words("This version", "此版本"), id: "version-history") {
                table(Words("History of the version", "版本历史"), own, showsAliases: false)
                commandLines(
                    ["atoll history modelversion \(version.model)-v\(version.number)\(visit.place.optionText)"],
                    id: "version-command")
            }
        }
    }

    private static func table(_ caption: Words, _ revisions: [JSONValue], showsAliases: Bool) -> HTML {
        Table(
            caption,
            [
                .init(Words("Revision", "修订"), isNumber: true), .init(Words("When", "时间")),
                .init(Words("By", "操作人")),
                .init(Words("Why", "原因")),
            ] + (showsAliases ? [.init(Words("Aliases", "别名"))] : []),
            rows: revisions.reversed().map { revision in
                let aliases = (revision[path: "spec", "aliases"]?.object ?? [:]).sorted { $0.key < $1.key }
                let shown = aliases.map { "\($0.key) = \($0.value.integer ?? 0)" }.joined(separator: ", ")
                return [
                    plain("\(revision["number"]?.integer ?? revision["revision"]?.integer ?? 0)"),
                    time(revision["time"]?.string), plain(revision["author"]?.string ?? "–"),
                    plain(revision["reason"]?.string ?? ""),
                ] + (showsAliases ? [plain(shown.isEmpty ? "–" : shown)] : [])
            }
        ).html
    }
}
