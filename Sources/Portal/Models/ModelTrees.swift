import Charts
import Faults
import Resources

/// The trees of a version, ten on a page.
enum ModelTrees {
    private static let most: Int64 = 10

    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let version = try await ModelVersionPage.load(visit)
        let first = max(1, visit.query("first").flatMap { Int64($0) } ?? 1)
        let answer: JSONValue
        do {
            answer = try await visit.api.get(
                "/models/\(encoded(version.model))/trees",
                visit.placed([version.which, ("first", "\(first)"), ("limit", "\(most)")]))
        } catch let refusal as Refusal where refusal.code == PeopleFaults.notReleased.number.description {
            // Who has every tree has the model; the export page is where a release is asked for.
            return version.page(visit, .trees) { problemBox(refusal) }
        }
        let (trees, all) = (answer["items"]?.array ?? [], answer["trees"]?.integer ?? 0)
        let parties = (version.content["parties"]?.array ?? []).compactMap { $0["party"]?.string }
        return version.page(visit, .trees) {
            if let splits = answer["splits"]?.array {
                section(
                    Words("Splits of this site", "本站的分裂"), id: "splits",
                    Words("A host knows its own splits; the trees are the guest's.", "数据方只知道自己的分裂，树结构由发起方保存。")
                ) { own(splits) }
            } else {
                tag("p", .class("note")) {
                    version.isWhole
                        ? HTML(Words("Every split is shown with its column.", "所有分裂均显示列名。"))
                        : HTML(
                            Words(
                                "Splits of hosts show their owner alone: their columns and edges stay with them.",
                                "数据方的分裂只显示归属，其列名和切分点不会离开数据方。"))
                }
                pages(visit, version, first, all)
                for (index, tree) in trees.enumerated() {
                    let number = tree["tree"]?.integer ?? 0
                    tag("details", .class("card"), .flag("open", index == 0)) {
                        tag("summary") { Words("Tree \(number)", "第 \(number) 棵树") }
                        figure(ModelCharts.tree(tree, parties: parties), id: "tree-\(number)")
                    }
                }
            }
            commandLines(
                ["atoll model trees \(version.reference) --first \(first) --limit \(most)\(visit.place.optionText)"],
                id: "command")
        }
    }

    private static func pages(
        _ visit: Visit, _ version: ModelVersionPage, _ first: Int64, _ all: Int64
    ) -> HTML {
        let last = min(all, first + most - 1)
        func address(_ first: Int64) -> String {
            visit.link("\(version.path)/trees", [("first", "\(first)")])
        }
        return tag("p", .class("pages")) {
            if first > 1 {
                link(Words("Earlier trees", "前面的树"), address(max(1, first - most)), class: "button quiet")
            }
            plain(" ")
            Words("Trees \(first) to \(last) of \(all)", "第 \(first) 至 \(last) 棵，共 \(all) 棵")
            plain(" ")
            if last < all { link(Words("Later trees", "后面的树"), address(last + 1), class: "button quiet") }
        }
    }

    private static func own(_ splits: [JSONValue]) -> HTML {
        Table(
            Words("Splits of this site", "本站的分裂"),
            [
                .init(Words("Column", "列")), .init(Words("Tree", "树"), isNumber: true),
                .init(Words("Node", "节点"), isNumber: true),
                .init(Words("Left below", "小于则向左"), isNumber: true),
                .init(Words("Missing values", "缺失值")),
            ],
            rows: splits.map { split in
                [
                    plain(split["column"]?.string ?? ""), number(split["tree"]?.integer ?? 0),
                    number(split["node"]?.integer ?? 0),
                    plain(split["edge"]?.number.map(Figures.short) ?? Figures.none),
                    split["missingLeft"]?.bool == true ? HTML(Words("left", "左")) : HTML(Words("right", "右")),
                ]
            }
        ).html
    }
}
