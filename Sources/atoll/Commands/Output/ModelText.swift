import Resources

/// Versions of models as people want to read them.
enum ModelText {
    static let columns = [
        ("MODEL", "model"), ("VERSION", "version"), ("ALIASES", "aliases"), ("TENANT", "tenant"),
        ("PROJECT", "project"),
        ("ROLE", "role"), ("TREES", "trees"), ("WHOLE", "whole"), ("STATE", "state"), ("DIGEST", "digest"),
        ("MADE", "made"),
    ]

    /// - Parameters: resources of a version and of all models.
    /// - Returns: the row, and what rows are sorted by.
    static func row(_ version: JSONValue, _ models: [JSONValue]) -> (key: String, row: JSONValue) {
        let (metadata, spec, status) = (version["metadata"], version["spec"], version["status"])
        let number = spec?["version"]?.integer ?? 0
        let model = models.first {
            $0["metadata"]?["name"] == spec?["model"] && $0["metadata"]?["tenant"] == metadata?["tenant"]
                && $0["metadata"]?["project"] == metadata?["project"]
        }
        let aliases = (model?["spec"]?["aliases"]?.object ?? [:]).filter { $0.value.integer == number }.keys.sorted()
        var row: [String: JSONValue] = ["aliases": .string(aliases.joined(separator: " "))]
        for (member, value) in [
            ("model", spec?["model"]), ("version", spec?["version"]), ("tenant", metadata?["tenant"]),
            ("project", metadata?["project"]), ("role", spec?["role"]), ("trees", spec?["trees"]),
            ("state", status?["state"]),
            ("made", metadata?["creationTimestamp"]),
        ] {
            if let value { row[member] = value }
        }
        row["whole"] = .string(status?["whole"]?.bool == true ? "yes" : "part")
        let digest = spec?["digest"]?.string ?? spec?["part"]?.string ?? ""
        row["digest"] = .string("\(digest.prefix(12))")
        let place = "\(metadata?["tenant"]?.string ?? "")/\(metadata?["project"]?.string ?? "")"
        let digits = String(repeating: "0", count: max(0, 12 - "\(number)".count)) + "\(number)"
        return ("\(place)/\(spec?["model"]?.string ?? "")/\(digits)", .object(row))
    }

    /// Where it comes from, then what is inside.
    static func text(_ facts: JSONValue) -> String {
        let spec = facts["version"]?["spec"] ?? [:]
        let content = facts["content"] ?? [:]
        func word(_ value: JSONValue?) -> String { TerminalText.line(value.map(CellText.text) ?? "") }
        let aliases = (facts["aliases"]?.array ?? []).map { word($0) }
        var lines = [
            "Model \(word(spec["model"])) version \(word(spec["version"]))"
                + (aliases.isEmpty ? "" : ", \(aliases.joined(separator: ", "))"),
            "  made by: \(word(spec["operator"])) version \(word(spec["operatorVersion"])), task \(word(spec["task"])) of job "
                + "\(word(spec["job"])), program \(word(spec["code"]))",
            "  plan: \(word(spec["plan"]))",
        ]
        if spec["digest"] != nil { lines.append("  digest: \(word(spec["digest"]))") }
        lines.append("  this party's part: \(word(spec["part"]))")
        lines.append("  here: \(content["whole"]?.bool == true ? "the whole model" : "this party's part alone")")
        for (index, party) in (spec["parties"]?.array ?? []).enumerated() {
            let name = party["peer"].map { word($0) } ?? "this site"
            let share = content["parties"]?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            let gain = share.map {
                ", \(word($0["splits"])) splits with \(((($0["gainShare"]?.number ?? 0) * 1000).rounded()) / 10) % of the gain"
            }
            lines.append("  \(word(party["role"])): \(name)\(gain ?? "")")
        }
        for dataset in spec["datasets"]?.array ?? [] {
            lines.append("  dataset: \(word(dataset["name"])) \(word(dataset["digest"]).prefix(16))")
        }
        if let trees = content["trees"] {
            lines.append(
                "  \(word(content["objective"])), \(word(trees)) trees of depth \(word(content["depth"])), rate "
                    + "\(word(content["rate"])), base score \(word(content["baseScore"]))")
        }
        let columns = content["columns"]?.array ?? []
        if !columns.isEmpty {
            lines.append("")
            var table = TextTable(["PARTY", "COLUMN", "SPLITS", "GAIN"])
            for column in columns.prefix(30) {
                let gain = column["gain"]?.number.map { "\(($0 * 10_000).rounded() / 10_000)" } ?? ""
                table.add((["party", "column", "splits"].map { word(column[$0]) } + [gain]).map { .init($0) })
            }
            lines.append(table.text(for: .output))
            if columns.count > 30 { lines.append("and \(columns.count - 30) more") }
        }
        return lines.joined(separator: "\n")
    }
}
