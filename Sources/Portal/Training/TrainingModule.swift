import API
import Hummingbird
import People
import Resources

/// Jobs: what runs, what came out, and how a new one is made.
struct TrainingModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.training, Words("Training", "训练"), "/training", asks: .view(.jobs))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("training", JobList.page)
        routes.page("training/compare", RunComparison.page)
        addWizard(to: routes)
        addDocument(to: routes)
        routes.page("training/jobs/:name", JobPage.overview)
        routes.page("training/jobs/:name/results", JobPage.results)
        routes.page("training/jobs/:name/log", JobPage.log)
        routes.page("training/jobs/:name/plan", JobPage.plan)
        routes.page("training/jobs/:name/audit", JobPage.audit)
        routes.file("training/jobs/:name/report", JobReport.download)
        routes.form("training/jobs/:name/baseline", on: JobPage.results) { visit, form in
            let job = try await JobPage.job(visit)
            guard let baseline = Baseline.document(of: job) else { return .to(job.path("/results")) }
            try await visit.api.submit(baseline, visit, key: form.key)
            return .to(job.path("/results"), .sent)
        }
        for action in JobAction.allCases {
            routes.form("training/jobs/:name/\(action.rawValue)", on: JobPage.overview) { visit, form in
                let name = try visit.part("name")
                try await visit.api.send(
                    .post, "/jobs/\(encoded(name))/\(action.rawValue)", visit.placed(), key: form.key)
                return .to(visit.link("/training/jobs/\(encoded(name))"), action.said)
            }
        }
    }

    private func addWizard(to routes: PortalRoutes) {
        routes.page("training/new", TrainingWizard.page)
        routes.form("training/new/match", on: TrainingWizard.page) { visit, form in
            let choice = TrainingChoice(form)
            try await visit.api.submit(choice.matching(in: visit.place), visit, key: form.key)
            return .to(choice.address(visit, step: .match), .sent)
        }
        routes.form("training/new/submit", on: TrainingWizard.page) { visit, form in
            let choice = TrainingChoice(form)
            let job = try await visit.api.submit(choice.training(in: visit.place), visit, key: form.key)
            if let baseline = choice.baseline(in: visit.place) {
                // A key of its own, so that both are done once.
                try await visit.api.submit(baseline, visit, key: form.key.map { $0 + "-alone" })
            }
            return .to(JobView(json: job).path(), .sent)
        }
    }

    private func addDocument(to routes: PortalRoutes) {
        routes.page("training/document", JobDocument.page)
        routes.form("training/document", on: JobDocument.page, JobDocument.act)
    }
}

/// What can be done with a job by one button.
enum JobAction: String, CaseIterable {
    case pause, resume, cancel, retry, approve

    var words: Words {
        switch self {
        case .pause: Words("Pause", "暂停")
        case .resume: Words("Resume", "继续")
        case .cancel: Words("Cancel the job", "取消任务")
        case .retry: Words("Try again", "重试")
        case .approve: Words("Approve", "批准")
        }
    }

    var said: Said {
        switch self {
        case .pause, .resume, .retry: .sent
        case .cancel: .cancelled
        case .approve: .approved
        }
    }

    /// Asked before it is sent.
    var confirm: Words? {
        switch self {
        case .cancel:
            Words(
                "Cancel the job at every party? It ends for good; what tasks left stays.",
                "在所有参与方取消该任务？取消后不可恢复；已产生的结果会保留。")
        default: nil
        }
    }

    /// Whether it means something in a state.
    func fits(_ job: JobView) -> Bool {
        switch (self, job.state) {
        case (.pause, .running), (.pause, .reserved): true
        case (.resume, .paused): job.spec["wanted"]?.string == "pause"
        case (.retry, .failed): job.isOwn
        case (.approve, .awaitingApproval): true
        case (.cancel, _): !job.isOver
        default: false
        }
    }

    var asks: Permission { self == .approve ? .manage(.approvals) : .manage(.jobs) }
}

extension SiteCalls {
    /// Asks every party, and begins the job if all take it.
    ///
    /// - Throws: `Refusal` with every party's reason.
    @discardableResult
    func submit(_ document: JSONValue, _ visit: Visit, key: String?) async throws -> JSONValue {
        try await send(.post, "/jobs/submit", visit.placed(), document, key: key)
    }

    /// What a job would mean; stores nothing.
    func plan(_ document: JSONValue, _ visit: Visit) async throws -> JSONValue {
        try await send(.post, "/jobs/plan", visit.placed(), document)
    }
}
