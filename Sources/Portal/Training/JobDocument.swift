import API
import Faults
import HTTPTypes
import People
import Resources

/// A job by its document: written by hand, taken from another job, looked at as a plan, submitted.
enum JobDocument {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let text = try await start(visit)
        var plan = HTML()
        if visit.problem == nil, visit.typed["do"] == "plan" {
            let answer = try await visit.api.plan(text: text, visit)
            plan = PlanView(plan: answer, names: try await SiteNames.read(visit)).html
        }
        return Page(
            title: .words(Words("Document of a job", "任务文档")), section: .training,
            trail: [(HTML(Words("Training", "训练")), visit.link("/training"))],
            intro: Words(
                "YAML or JSON. Mistakes are told with their line; the plan says what it will mean before anything is done.",
                "YAML 或 JSON。错误会指出所在行；执行前可先查看计划。"),
            visit.form(visit.link("/training/document"), class: "form wide-form") {
                visit.area("document", Words("Document", "文档"), value: text, rows: 24, isRequired: true)
                tag("div", .class("actions")) {
                    tag("button", Attribute("name", "do"), Attribute("value", "plan")) {
                        Words("Show the plan", "查看计划")
                    }
                    if visit.may(.manage(.jobs)) {
                        tag("button", .class("primary"), Attribute("name", "do"), Attribute("value", "submit")) {
                            Words("Submit", "提交")
                        }
                    }
                }
            } + plan)
    }

    @Sendable static func act(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let text = form.whole("document") ?? ""
        if form["do"] == "submit" {
            let answer = try await visit.api.answer(
                .post, "/jobs/submit", visit.placed(), Array(text.utf8), key: form.key, type: "application/yaml")
            return .to(JobView(json: try SiteCalls.value(answer)).path(), .sent)
        }
        var again = visit
        again.typed = form
        return .page(try await page(again))
    }

    /// What the area holds at first: what was typed, a text of the address, the document of another job, or an example.
    private static func start(_ visit: Visit) async throws -> String {
        if let typed = visit.typed.whole("document") { return typed }
        if let text = visit.query("text") { return text }
        if let name = visit.query("from") {
            let job = JobView(json: try await visit.api.get("/jobs/\(encoded(name))", visit.placed()))
            return YAMLWriter.write(document(job, named: "\(name.prefix(56))-again"))
        }
        return example(visit)
    }

    private static func example(_ visit: Visit) -> String {
        """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata:
          name: check-partner
          tenant: \(visit.place.tenant ?? "TENANT")
          project: \(visit.place.project ?? "PROJECT")
        spec:
          role: member
          peers:
            - peer: PARTNER
              role: member
          tasks:
            - name: verify
              operator: verify

        """
    }

    /// The document that makes the same job anew; its seed and what was wanted of it later are its own.
    static func document(_ job: JobView, named name: String) -> JSONValue {
        var metadata: [String: JSONValue] = ["name": .string(name)]
        if let tenant = job.tenant { metadata["tenant"] = .string(tenant) }
        if let project = job.project { metadata["project"] = .string(project) }
        if let labels = job.json[path: "metadata", "labels"], labels.object?.isEmpty == false {
            metadata["labels"] = labels
        }
        var spec = job.spec.object ?? [:]
        for member in ["wanted", "attempt", "seed"] { spec[member] = nil }
        return [
            "apiVersion": "atoll.dev/v1alpha1", "kind": "Job", "metadata": .object(metadata), "spec": .object(spec),
        ]
    }

    /// ` --tenant T --project P`.
    static func scope(_ job: JobView) -> String {
        (job.tenant.map { " --tenant \($0)" } ?? "") + (job.project.map { " --project \($0)" } ?? "")
    }

    /// The same by command line.
    static func copies(_ job: JobView) -> HTML {
        section(Words("The same by command line", "命令行方式"), id: "cli") {
            copyable(
                "atoll job describe \(job.name)\(scope(job))", id: "command-describe", Words("Look at it", "查看任务"),
                isBlock: false)
            if job.isOwn {
                copyable(
                    "atoll job submit -f \(job.name).yaml", id: "command-submit", Words("Submit it", "提交任务"),
                    isBlock: false)
                more(Words("Document (YAML)", "任务文档 (YAML)")) {
                    copyable(
                        YAMLWriter.write(document(job, named: job.name)), id: "document", Words("Document", "任务文档"))
                }
            }
        }
    }
}

extension SiteCalls {
    /// What a document as it was typed would mean; stores nothing.
    fileprivate func plan(text: String, _ visit: Visit) async throws -> JSONValue {
        try Self.value(
            try await answer(.post, "/jobs/plan", visit.placed(), Array(text.utf8), type: "application/yaml"))
    }
}
