import People
import Resources

/// Every dataset of a place: filtered, sorted and cut into pages by the address.
enum DatasetList {
    private static let pageRows = 50
    /// Of a place with more, those that come first by name.
    private static let most = 2_000

    private enum Order: String, CaseIterable {
        case newest, name, rows

        var words: Words {
            switch self {
            case .newest: Words("Newest first", "最新优先")
            case .name: Words("By name", "按名称")
            case .rows: Words("Most rows first", "行数最多优先")
            }
        }
    }

    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let (all, isWhole) = try await datasets(visit)
        let text = visit.query("q")?.lowercased() ?? ""
        let origin = visit.query("origin") ?? ""
        let order = visit.query("order").flatMap(Order.init(rawValue:)) ?? .newest
        let found = all.filter { dataset in
            (origin.isEmpty || dataset.spec["origin"]?.string == origin)
                && (text.isEmpty || dataset.name.contains(text)
                    || dataset.spec["label"]?.string?.lowercased().contains(text) ?? false
                    || (dataset.spec["columns"]?.array ?? []).contains {
                        $0["name"]?.string?.lowercased().contains(text) ?? false
                    })
        }
        let sorted = found.sorted { one, other in
            switch order {
            case .newest: (other.made ?? "", one.name) < (one.made ?? "", other.name)
            case .name: (one.name, one.place) < (other.name, other.place)
            case .rows: rows(other) < rows(one)
            }
        }
        let paging = Paging(sorted, visit, size: pageRows)
        let mayUpload = visit.may(.manage(.files)) && visit.may(.manage(.datasets)) && visit.place.project != nil
        return Page(
            Words("Data", "数据中心"), in: .data,
            actions: mayUpload
                ? link(Words("Upload a table", "上传数据表"), visit.link("/data/upload"), class: "button primary") : HTML(),
            live: .init(kinds: ["datasets"])
        ) {
            DataModule.lists(visit, chosen: 0)
            if all.isEmpty {
                emptyState(
                    Words(
                        "There are no datasets here. A dataset is an immutable version of a table; peers learn from it only by grants.",
                        "这里还没有数据集。数据集是数据表的不可变版本，对等站点只能凭授权使用。")
                ) {
                    if mayUpload {
                        tag("p") {
                            link(
                                Words("Upload the first", "上传第一个"), visit.link("/data/upload"), class: "button primary")
                        }
                    } else if visit.place.project == nil {
                        tag("p") {
                            link(
                                Words("Choose a project to upload", "选择项目后上传"),
                                visit.link("/places", [("next", visit.here)]))
                        }
                    }
                }
            } else {
                visit.filter("/data") {
                    visit.field("q", Words("Name, column or label", "名称、列或标签"), value: visit.query("q"))
                    visit.choice(
                        "origin", Words("Origin", "来源"),
                        [
                            ("", HTML(Words("Any", "全部"))), ("upload", HTML(Words("Uploaded", "上传"))),
                            ("job", HTML(Words("Left by a job", "任务产出"))),
                        ], chosen: origin)
                    visit.choice(
                        "order", Words("Order", "排序"), Order.allCases.map { ($0.rawValue, HTML($0.words)) },
                        chosen: order.rawValue)
                }
                table(Array(paging.shown), visit)
                paging.links(visit, "/data", ["q", "origin", "order"].map { ($0, visit.query($0)) })
                if !isWhole {
                    tag("p", .class("note")) {
                        Words(
                            "There are more datasets than are shown here: choose a tenant or a project.",
                            "数据集过多，未全部显示：请选择租户或项目。")
                    }
                }
            }
        }
    }

    private static func rows(_ dataset: ProjectThing) -> Int64 { dataset.spec["rows"]?.integer ?? 0 }

    private static func datasets(_ visit: Visit) async throws -> (all: [ProjectThing], isWhole: Bool) {
        var all: [ProjectThing] = []
        var token: String?
        repeat {
            let page = try await visit.api.get(
                "/datasets", visit.placed([("limit", "500"), ("continue", token)]))
            all += (page["items"]?.array ?? []).map(ProjectThing.init)
            token = page["continue"]?.string
        } while token != nil && all.count < most
        return (all, token == nil)
    }

    private static func table(_ datasets: [ProjectThing], _ visit: Visit) -> HTML {
        let isWide = visit.place.project == nil
        var columns: [Table.Column] = [.init(Words("Name", "名称"))]
        if isWide { columns.append(.init(Words("Project", "项目"))) }
        columns += [
            .init(Words("Rows", "行数"), isNumber: true), .init(Words("Columns", "列数"), isNumber: true),
            .init(Words("Ids", "标识列")), .init(Words("Label", "标签列")), .init(Words("Size", "大小"), isNumber: true),
            .init(Words("State", "状态")), .init(Words("Made", "创建时间")),
        ]
        return Table(
            Words("Datasets", "数据集"), columns,
            cells: datasets.map { dataset in
                var cells: [Table.Cell] = [.init(link(dataset.name, dataset.path("/data/datasets")))]
                if isWide { cells.append(.init(plain(dataset.place))) }
                return cells + [
                    .init(number(rows(dataset))), .init(number(Int64(dataset.spec["columns"]?.array?.count ?? 0))),
                    .init(names(dataset.texts("ids"))), .init(plain(dataset.spec["label"]?.string ?? "–")),
                    .bytes(dataset.spec["bytes"]?.integer), .init(standing(dataset)),
                    .init(time(dataset.made)),
                ]
            }
        ).html
    }

    static func standing(_ dataset: ProjectThing) -> HTML {
        switch dataset.status["state"]?.string {
        case "Ready": state(Words("Ready", "可用").html, .good)
        case "NoContent": state(Words("No rows", "无数据").html, .bad)
        case let other?: state(plain(other), .plain)
        case nil: state(Words("Being made", "准备中").html, .busy)
        }
    }
}

extension Words {
    var html: HTML { HTML(self) }
}
