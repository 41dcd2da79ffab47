import Charts
import People
import Resources

/// What this site keeps of a version, and where it comes from.
enum ModelOverview {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let version = try await ModelVersionPage.load(visit)
        let lineage = try await version.lineage(visit)
        let model = try await visit.api.find("/models/\(encoded(version.model))", visit.placed())
        return version.page(
            visit, .overview, live: visit.live(.models, .modelVersions, .jobs),
            actions: actions(visit, version)
        ) {
            section(Words("What this site keeps", "本站保存的内容"), id: "kept") {
                if let text = model?[path: "spec", "description"]?.string, !text.isEmpty {
                    tag("p") { plain(text) }
                }
                kept(version)
            }
            ModelAliases.card(visit, version)
            parties(version)
            columns(version)
            section(Words("Where it comes from", "来源"), id: "lineage") {
                datasets(visit, version)
                if lineage.isEmpty {
                    tag("p", .class("note")) {
                        Words(
                            "The jobs it came from are no longer here, or not for you to see.",
                            "来源任务已不在本站，或您无权查看。")
                    }
                } else {
                    LineageTask.table(lineage, visit)
                }
            }
            section(Words("Parameters and figures of the training", "训练参数与指标"), id: "training") {
                parameters(version)
            }
            if visit.may(.manage(.modelVersions)) { deletion(visit, version) }
            commandLines(
                [
                    "atoll model describe \(version.reference)\(visit.place.optionText)",
                    "atoll model lineage "
                        + "\(version.reference)\(visit.place.optionText)",
                ], id: "command")
        }
    }

    private static func actions(_ visit: Visit, _ version: ModelVersionPage) -> HTML {
        link(Words("Report", "下载报告"), visit.link("\(version.path)/report"), class: "button")
            + link(
                Words("Compare", "比较"),
                visit.link("/model-comparison", [("first", version.reference)]), class: "button")
    }

    static func kept(_ version: ModelVersionPage) -> HTML {
        let (spec, content) = (version.spec, version.content)
        return facts {
            fact(Words("Kept here", "保存"), ModelWords.kept(version.version))
            fact(Words("Called", "别名"), ModelAliases.words(version.aliases))
            fact(Words("This site's role", "本站角色"), ModelWords.role(spec["role"]?.string ?? ""))
            if let objective = content["objective"]?.string {
                fact(
                    Words("Predicts", "预测目标"),
                    objective == "binary"
                        ? HTML(Words("the probability of label 1", "标签为 1 的概率")) : HTML(Words("a number", "数值"))
                )
            }
            if let trees = content["trees"]?.integer {
                fact(
                    Words("Size", "规模"),
                    HTML(
                        Words(
                            "\(trees) trees of depth \(content["depth"]?.integer ?? 0)",
                            "\(trees) 棵树，深度 \(content["depth"]?.integer ?? 0)")))
            }
            fact(
                Words("Made", "创建时间"), time(version.version[path: "metadata", "creationTimestamp"]?.string))
            fact(
                Words("Made by", "训练算法"),
                plain(
                    "\(spec["operator"]?.string ?? "") \(spec["operatorVersion"]?.integer ?? 0), Atoll "
                        + "\(spec["code"]?.string ?? "")"))
            fact(Words("Digest of this site's part", "本站部分摘要"), identifier(spec["part"]?.string))
            if let digest = spec["digest"]?.string {
                fact(Words("Digest of the whole model", "完整模型摘要"), identifier(digest))
            }
            fact(Words("Digest of the plan", "方案摘要"), identifier(spec["plan"]?.string))
        }
    }

    private static func identifier(_ text: String?) -> HTML {
        tag("span", .class("id")) { plain(text ?? "–") }
    }

    /// Who trained it, with everybody's share of the gain.
    static func parties(_ version: ModelVersionPage) -> HTML {
        let shares = version.content["parties"]?.array ?? []
        let known = version.spec["parties"]?.array ?? []
        return section(Words("Parties", "参与方"), id: "parties") {
            Table(
                Words("Parties of the training", "训练参与方"),
                [
                    .init(Words("Party", "参与方")), .init(Words("Role", "角色")),
                    .init(Words("Splits", "分裂数"), isNumber: true),
                    .init(Words("Share of the gain", "增益占比"), isNumber: true),
                    .init(Words("Site", "站点")),
                ],
                rows: known.enumerated().map { index, party in
                    let share = shares.indices.contains(index) ? shares[index] : nil
                    return [
                        party["peer"]?.string.map { plain($0) } ?? HTML(Words("this site", "本站")),
                        ModelWords.role(party["role"]?.string ?? ""),
                        share?["splits"]?.integer.map { number($0) } ?? plain("–"),
                        plain(share?["gainShare"]?.number.map { Figures.percent($0) } ?? Figures.none),
                        tag("span", .class("id")) { plain(String((party["site"]?.string ?? "").prefix(16))) },
                    ]
                }
            ).html
        }
    }

    /// The columns in use of those whose part is here, by their gain.
    static func columns(_ version: ModelVersionPage) -> HTML {
        section(
            Words("Columns in use", "使用的列"), id: "columns",
            version.isWhole || !version.isGuest
                ? nil
                : Words(
                    "Of hosts a guest knows how much their splits count, and no column.",
                    "发起方只知道数据方分裂的作用，不知道其列名。")
        ) {
            let columns = version.content["columns"]?.array ?? []
            let all = columns.reduce(0) { $0 + ($1["gain"]?.number ?? 0) }
            if columns.isEmpty {
                tag("p") { Words("No column of this site is in use.", "本站没有列被使用。") }
            } else {
                if all > 0, let chart = ModelCharts.importance(version.content) {
                    figure(chart, id: "importance")
                }
                Table(
                    Words("Columns in use", "使用的列"),
                    [
                        .init(Words("Column", "列")), .init(Words("Party", "参与方")),
                        .init(Words("Splits", "分裂数"), isNumber: true),
                        .init(Words("Gain", "增益"), isNumber: true),
                    ],
                    rows: columns.map { column in
                        [
                            plain(column["column"]?.string ?? ""), plain(column["party"]?.string ?? ""),
                            number(column["splits"]?.integer ?? 0), number(column["gain"]?.number, decimals: 4),
                        ]
                    }
                ).html
            }
        }
    }

    private static func datasets(_ visit: Visit, _ version: ModelVersionPage) -> HTML {
        Table(
            Words("Datasets that this side read", "本方读取的数据集"),
            [.init(Words("Dataset", "数据集")), .init(Words("Digest", "摘要"))],
            rows: (version.spec["datasets"]?.array ?? []).map { dataset in
                let name = dataset["name"]?.string ?? ""
                // `NAME@JOB/TASK` and `TENANT/PROJECT/NAME` have no page of that name.
                let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
                return [
                    isPlain ? link(name, visit.datasetPath(name)) : plain(name),
                    tag("span", .class("id")) { plain(dataset["digest"]?.string ?? "–") },
                ]
            }
        ).html
    }

    static func parameters(_ version: ModelVersionPage) -> HTML {
        let figures = (version.facts["figures"]?.object ?? [:]).compactMapValues(\.number)
        let parameters = (version.spec["parameters"]?.object ?? [:]).sorted { $0.key < $1.key }
        return tag("div", .class("grid")) {
            Table(
                Words("Parameters", "参数"),
                [.init(Words("Parameter", "参数")), .init(Words("Value", "取值"))],
                rows: parameters.map { [plain($0.key), plain(scalar($0.value))] }
            ).html
            Evaluation.table(
                [(version.reference, figures)],
                keys: Evaluation.names.map(\.key).filter { figures[$0] != nil }
                    + figures.keys.filter { Evaluation.words($0) == nil }.sorted())
        }
    }

    static func scalar(_ value: JSONValue) -> String {
        value.string ?? String(decoding: JSONWriter.compact(value), as: UTF8.self)
    }

    private static func deletion(_ visit: Visit, _ version: ModelVersionPage) -> HTML {
        section(
            Words("Delete this version", "删除此版本"), id: "delete",
            Words(
                "This site's part is lost for good; other parties keep theirs. Refused while an alias stands for it.",
                "本站部分将永久删除，其他参与方仍保留各自部分；有别名时不能删除。")
        ) {
            visit.button(
                visit.link("\(version.path)/delete"),
                Words("Delete version \(version.number)", "删除版本 \(version.number)"),
                class: "danger",
                confirm: Words(
                    "Delete version \(version.number) of \(version.model)? This site's part is lost for good.",
                    "删除 \(version.model) 的版本 \(version.number)？本站部分将永久丢失。"))
            commandLines(["atoll model delete \(version.reference)\(visit.place.optionText)"], id: "delete-command")
        }
    }
}
