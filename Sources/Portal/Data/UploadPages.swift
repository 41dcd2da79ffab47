import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Bringing tables in: the file, in chunks by a script or whole by a plain form; then the dataset that is made of it.
enum UploadPages {
    static func add(to routes: PortalRoutes) {
        let assets = routes.portal.assets
        // With a folder of assets the address changes with each change of the file.
        let upload: PortalRoutes.PageMaker = { visit in try await uploadPage(visit, script: assets.upload.path) }
        routes.page("data/upload", upload)
        routes.fileForm("data/upload", on: upload) { visit, form, stored in
            guard stored["state"]?.string == "done" else { return .to(visit.link("/data/files"), .sent) }
            return try await make(visit, form, isHere: false)
        }
        routes.page("data/make", makePage)
        routes.form("data/make", on: makePage) { visit, form in try await make(visit, form, isHere: true) }
        routes.page("data/makings/:id", makingPage)
        routes.page("data/files", filesPage)
        routes.form("data/uploads/:id/abort", on: filesPage) { visit, form in
            try await visit.api.send(
                .delete, "/uploads/\(encoded(try visit.part("id")))", visit.placed(), key: form.key)
            return .to(visit.link("/data/files"), .cancelled)
        }
        routes.form("data/files/:name/delete", on: filesPage) { visit, form in
            try await visit.api.send(
                .delete, "/files/\(encoded(try visit.part("name")))", visit.placed(), key: form.key)
            return .to(visit.link("/data/files"), .deleted)
        }
    }

    /// - Throws: `ResourceFaults.invalidName`.
    private static func name(_ form: Form) throws -> String {
        let name = form["name"] ?? ""
        try Names.check(name, at: "name")
        return name
    }

    // MARK: The file

    @Sendable private static func uploadPage(_ visit: Visit, script: String) async throws -> Page {
        Page(
            title: .words(Words("Upload a table", "上传数据表")), section: .data,
            trail: [(DataModule.trail.0.html, visit.link(DataModule.trail.1))],
            intro: Words(
                "A CSV file becomes a dataset: read strictly, kept whole or not at all.",
                "CSV 文件将成为数据集：严格读取，要么完整保存，要么不保存。"),
            visit.place.project == nil ? choosePlace(visit) : uploadForm(visit, script: script))
    }

    static func choosePlace(_ visit: Visit) -> HTML {
        emptyState(Words("Datasets lie in projects: choose one first.", "数据集属于项目：请先选择项目。")) {
            tag("p") {
                link(
                    Words("Choose a project", "选择项目"), visit.link("/places", [("next", visit.here)]),
                    class: "button primary")
            }
        }
    }

    private static func uploadForm(_ visit: Visit, script: String) -> HTML {
        visit.form(
            visit.link("/data/upload"),
            attributes: [
                Attribute("enctype", "multipart/form-data"), Attribute("data-upload", script),
                Attribute("data-query", address("", visit.placed())),
                Attribute("data-make", visit.link("/data/make")),
                Attribute("data-sending", Words("Sending", "正在发送")),
                Attribute("data-checking", Words("Checking", "正在校验")),
                Attribute("data-paused", Words("Paused", "已暂停")), Attribute("data-resume", Words("Resume", "继续")),
                Attribute("data-lost", Words("The site does not answer; trying again", "站点没有响应，正在重试")),
            ]
        ) {
            makingFields(visit, name: visit.query("name"), list: "columns-of-file")
            tag("div", .class("field")) {
                tag("label", Attribute("for", "field-file")) { Words("File", "文件") }
                tag("p", .class("hint"), .id("field-file-hint")) {
                    Words(
                        "CSV in UTF-8, or in gzip. With scripts of any size up to 78 GiB, in checked chunks that go on after an interruption; without, up to 128 MiB.",
                        "UTF-8 编码的 CSV，可用 gzip 压缩。启用脚本时最大 78 GiB，分块校验，可断点续传；未启用脚本时最大 128 MiB。")
                }
                void(
                    "input", Attribute("type", "file"), .id("field-file"), Attribute("name", "file"), .flag("required"),
                    Attribute("accept", ".csv,.txt,.tsv,.gz,text/csv"), Attribute("aria-describedby", "field-file-hint")
                )
            }
            tag(
                "section", .class("problem"), Attribute("role", "alert"), Attribute("tabindex", "-1"), .flag("hidden"),
                .flag("data-failed")
            ) { HTML() }
            tag("datalist", .id("columns-of-file"), .flag("data-columns")) { HTML() }
            tag("div", .flag("hidden"), .flag("data-progress")) {
                tag("p", Attribute("role", "status"), .flag("data-said")) { HTML() }
                tag("progress", Attribute("max", "1"), Attribute("value", "0"), .label(Words("Sent so far", "已发送"))) {
                    HTML()
                }
                tag("p") {
                    tag("button", Attribute("type", "button"), .flag("data-pause-upload")) { Words("Pause", "暂停") }
                }
            }
            tag("button", .class("primary")) { Words("Upload", "上传") }
        }
            + section(Words("By command", "命令行"), id: "command") {
                copyable(
                    "atoll data upload loans.csv --name loans --id id --label y --tenant \(visit.place.tenant ?? "") "
                        + "--project \(visit.place.project ?? "")",
                    id: "command-text", Words("Command", "命令"))
            }
    }

    // MARK: The dataset

    /// Fields that say how a file is read.
    private static let settings = ["ids", "label", "header", "duplicates", "delimiter", "missing"]

    /// - Parameter list: of the page, which a script fills with the names of columns; nil for none.
    private static func makingFields(_ visit: Visit, name: String?, list: String? = nil) -> HTML {
        let list = list.map { [Attribute("list", $0)] } ?? []
        return visit.field(
            "name", Words("Name of the dataset", "数据集名称"), value: name,
            hint: Words("Lower-case letters, digits and -; it never changes", "小写字母、数字和 -；之后不可更改"), isRequired: true)
            + visit.field(
                "ids", Words("Id columns", "标识列"), value: visit.query("ids"),
                hint: Words("That tell rows apart; several with commas between", "用于区分行；多个用逗号分隔"), more: list)
            + visit.field(
                "label", Words("Label column", "标签列"), value: visit.query("label"),
                hint: Words("What is to be predicted; empty for features alone", "要预测的列；仅有特征时留空"), more: list)
            + more(Words("How the file is written", "文件格式")) {
                visit.choice(
                    "header", Words("First line", "第一行"),
                    [
                        ("present", Words("Names of columns", "列名").html),
                        ("absent", Words("A row", "数据行").html),
                    ], chosen: visit.query("header") ?? "present")
                visit.choice(
                    "duplicates", Words("Rows of the same id", "相同标识的行"),
                    [
                        ("refuse", Words("Refuse the file", "拒绝文件").html),
                        ("first", Words("Keep the first", "保留第一行").html),
                        ("last", Words("Keep the last", "保留最后一行").html),
                    ], chosen: visit.query("duplicates") ?? "refuse")
                visit.field(
                    "delimiter", Words("Delimiter", "分隔符"), value: visit.query("delimiter"),
                    hint: Words("One character, or tab; found out when empty", "一个字符，或 tab；留空则自动识别"))
                visit.field(
                    "missing", Words("Texts for missing values", "表示缺失的文本"), value: visit.query("missing"),
                    hint: Words("With commas between, such as NA, NULL", "用逗号分隔，例如 NA, NULL"))
            }
    }

    /// Has a dataset made of a file, and waits a little for its end.
    ///
    /// - Parameter isHere: whether the file was here before; one that came with the form is not to be sent again when
    ///   something is wrong, so that the making's own page says what.
    private static func make(_ visit: Visit, _ form: Form, isHere: Bool) async throws -> PortalRoutes.Outcome {
        let name = try name(form)
        func texts(_ field: String) -> [JSONValue] {
            (form[field] ?? "").split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
                .map { .string($0) }
        }
        var body: [String: JSONValue] = [
            "name": .string(name), "file": .string(form["file"] ?? name), "ids": .array(texts("ids")),
        ]
        for field in ["label", "header", "duplicates"] { body[field] = form[field].map { .string($0) } }
        body["delimiter"] = form["delimiter"].map { .string($0 == "tab" ? "\t" : $0) }
        if form["missing"] != nil { body["missing"] = .array([""] + texts("missing")) }
        let begun = try await visit.api.send(.post, "/makings", visit.placed(), .object(body), key: form.key)
        guard let id = begun["id"]?.string else { throw Fault(ProgramFaults.strangeAnswer, at: "makings") }
        // What was typed stands in the address of the making's page, to try again with.
        let page = "/data/makings/\(encoded(id))"
        let kept: [(String, String?)] = [("file", form["file"] ?? name)] + settings.map { ($0, form[$0]) }
        for _ in 0..<50 {
            let making = try await visit.api.get("/makings/\(encoded(id))", visit.placed())
            switch making["state"]?.string {
            case "done": return .to(visit.link("/data/datasets/\(encoded(name))"), .created)
            case "failed" where isHere: throw Refusal(ofTask: making)
            case "failed": return .to(visit.link(page, kept))
            default: try await Task.sleep(for: .milliseconds(100))
            }
        }
        return .to(visit.link(page, kept))
    }

    /// The form for a file that is here, also where the first attempt failed.
    @Sendable private static func makePage(_ visit: Visit) async throws -> Page {
        let file = visit.typed["file"] ?? visit.query("file") ?? visit.typed["name"] ?? ""
        return Page(
            title: .words(Words("Make a dataset", "创建数据集")), section: .data,
            trail: [
                (DataModule.trail.0.html, visit.link(DataModule.trail.1)),
                (Words("Files and uploads", "文件与上传").html, visit.link("/data/files")),
            ],
            visit.place.project == nil
                ? choosePlace(visit)
                : visit.form(visit.link("/data/make")) {
                    visit.field("file", Words("File", "文件"), value: file, isRequired: true)
                    makingFields(visit, name: visit.query("name") ?? file)
                    tag("button", .class("primary")) { Words("Make the dataset", "创建数据集") }
                })
    }

    @Sendable private static func makingPage(_ visit: Visit) async throws -> Page {
        let making = try await visit.api.get("/makings/\(encoded(try visit.part("id")))", visit.placed())
        let name = making["name"]?.string ?? ""
        let state = making["state"]?.string
        let (read, total) = (making["bytes"]?.integer ?? 0, making["total"]?.integer ?? 0)
        return Page(
            title: .name(name, kind: Words("Dataset being made", "正在创建的数据集")), section: .data,
            trail: [(DataModule.trail.0.html, visit.link(DataModule.trail.1))],
            live: state == "running" ? .init(every: 5) : nil,
            section(Words("How far it is", "进度"), id: "making") {
                switch state {
                case "done":
                    tag("p") { Words("It is made.", "已创建。") }
                    tag("p") {
                        link(
                            Words("To the dataset", "查看数据集"), visit.link("/data/datasets/\(encoded(name))"),
                            class: "button primary")
                    }
                case "failed":
                    problemBox(Refusal(ofTask: making))
                    tag("p") {
                        link(
                            Words("Try again with other settings", "修改设置后重试"),
                            visit.link(
                                "/data/make",
                                [("file", visit.query("file") ?? name)] + settings.map { ($0, visit.query($0)) }
                                    + [("name", name)]), class: "button")
                    }
                default:
                    tag(
                        "progress", Attribute("max", "\(max(1, total))"), Attribute("value", "\(read)"),
                        .label(Words("Read so far", "已读取"))
                    ) { HTML() }
                    tag("p") {
                        bytes(read)
                        plain(" / ")
                        bytes(total)
                        plain(" · ")
                        number(making["rows"]?.integer ?? 0)
                        Words(" rows", " 行")
                    }
                }
            })
    }

    // MARK: Files and uploads under way

    @Sendable private static func filesPage(_ visit: Visit) async throws -> Page {
        let uploads = try await visit.api.list("/uploads", visit.placed())
        let files = try await visit.api.listAll("/files", visit.placed()).map(ProjectThing.init)
        let mayManage = visit.may(.manage(.files))
        let open = uploads.filter { ["open", "completing"].contains($0["state"]?.string) }
        let failed = uploads.filter { $0["state"]?.string == "failed" }
        return Page(
            Words("Files and uploads", "文件与上传"), in: .data,
            actions: mayManage && visit.place.project != nil
                ? link(Words("Upload a table", "上传数据表"), visit.link("/data/upload"), class: "button primary") : HTML(),
            live: .init(kinds: ["files"], every: open.isEmpty ? nil : 5)
        ) {
            DataModule.lists(visit, chosen: 1)
            section(
                Words("Uploads under way", "进行中的上传"), id: "uploads",
                Words(
                    "To go on with one, choose the same file under the same name: what is here is not sent twice. An upload without a new chunk is given up after 24 hours.",
                    "要继续上传，请用相同名称选择同一文件：已到达的部分不会重发。24 小时没有新分块的上传会被放弃。")
            ) {
                if open.isEmpty { tag("p") { Words("None.", "无。") } } else { uploadTable(open, visit, mayManage) }
            }
            if !failed.isEmpty {
                section(Words("Uploads that failed", "失败的上传"), id: "failed") { failures(failed) }
            }
            section(
                Words("Files", "文件"), id: "files",
                Words(
                    "Kept for as many days as their sender chose; datasets made of them stay.",
                    "按上传者选择的天数保留；由其创建的数据集不受影响。")
            ) {
                if files.isEmpty { tag("p") { Words("None.", "无。") } } else { fileTable(files, visit, mayManage) }
            }
        }
    }

    private static func uploadTable(_ uploads: [JSONValue], _ visit: Visit, _ mayManage: Bool) -> HTML {
        Table(
            Words("Uploads under way", "进行中的上传"),
            [
                .init(Words("Name", "名称")), .init(Words("Arrived", "已到达"), isNumber: true),
                .init(Words("Size", "大小"), isNumber: true), .init(Words("State", "状态")), .init(Words("Who", "上传者")),
                .init(Words("Last chunk", "最近分块")), .init(Words("What to do", "操作")),
            ],
            cells: uploads.map { upload in
                let name = upload["name"]?.string ?? ""
                let placed = [("tenant", upload["tenant"]?.string), ("project", upload["project"]?.string)]
                let (arrived, size) = (upload["arrived"]?.integer ?? 0, upload["bytes"]?.integer ?? 0)
                let isOpen = upload["state"]?.string == "open"
                let actions =
                    isOpen && mayManage
                    ? link(Words("Go on", "继续"), address("/data/upload", [("name", name)] + placed)) + plain(" ")
                        + visit.button(
                            address("/data/uploads/\(encoded(upload["id"]?.string ?? ""))/abort", placed),
                            Words("Give up", "放弃"), class: "danger quiet",
                            confirm: Words("Give this upload up? Nothing of it is kept.", "放弃此上传？已到达的内容不会保留。"))
                    : HTML()
                return [
                    .init(plain(name)), .init(percent(isOpen ? Double(arrived) / Double(max(size, 1)) : 1)),
                    .bytes(size),
                    .init(
                        isOpen
                            ? state(Words("Open", "接收中").html, .busy)
                            : state(Words("Being checked", "校验中").html, .busy)),
                    .init(plain(upload["author"]?.string ?? "")), .init(time(upload["touched"]?.string)),
                    .init(actions),
                ]
            }
        ).html
    }

    private static func failures(_ uploads: [JSONValue]) -> HTML {
        Table(
            Words("Uploads that failed", "失败的上传"),
            [
                .init(Words("Name", "名称")), .init(Words("Why", "原因")), .init(Words("Who", "上传者")),
                .init(Words("When", "时间")),
            ],
            rows: uploads.prefix(20).map { upload in
                [
                    plain(upload["name"]?.string ?? ""),
                    faultLine(
                        (upload[path: "fault", "code"]?.string ?? "") + " "
                            + (upload[path: "fault", "detail"]?.string ?? "")),
                    plain(upload["author"]?.string ?? ""), time(upload["touched"]?.string),
                ]
            }
        ).html
    }

    private static func fileTable(_ files: [ProjectThing], _ visit: Visit, _ mayManage: Bool) -> HTML {
        Table(
            Words("Files", "文件"),
            [
                .init(Words("Name", "名称")), .init(Words("Project", "项目")), .init(Words("Size", "大小"), isNumber: true),
                .init(Words("Rows", "行数"), isNumber: true), .init(Words("Until", "保留至")),
                .init(Words("What to do", "操作")),
            ],
            cells: files.map { file in
                let actions =
                    mayManage
                    ? link(Words("Make a dataset", "创建数据集"), address("/data/make", [("file", file.name)] + file.placed))
                        + plain(" ")
                        + visit.button(
                            file.path("/data/files", "delete"), Words("Delete", "删除"), class: "danger quiet",
                            confirm: Words("Delete this file?", "删除此文件？")) : HTML()
                return [
                    .init(plain(file.name)), .init(plain(file.place)), .bytes(file.spec["bytes"]?.integer),
                    .init(file.spec["rows"]?.integer.map { number($0) } ?? plain("–")),
                    .init(time(file.status["expires"]?.string)), .init(actions),
                ]
            }
        ).html
    }
}
