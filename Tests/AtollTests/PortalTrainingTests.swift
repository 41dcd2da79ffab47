import Faults
import Foundation
import Jobs
import NIOHTTP1
import People
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// Training in the portal without scripts: two real sites, one visitor.
@Suite(.serialized) struct PortalTrainingTests {
    private static let place = "tenant=risk&project=cards"

    private static func user(_ name: String, roles: String, at site: RunningSite) async throws {
        let document = """
            {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: \(name)},
             spec: {displayName: U, roles: [\(roles)]}}
            """
        let applied = try await site.run(["apply", "-f", "-"], input: document)
        try #require(applied.status == 0, "\(applied.errors)")
        let set = try await site.run(["user", "password", name], input: GuardedSite.password + "\n")
        try #require(set.status == 0, "\(set.errors)")
    }

    /// Until the page of a job says so.
    private static func wait(
        _ visitor: PortalVisitor, _ path: String, _ isRight: (PortalVisitor.Page) -> Bool
    ) async throws -> PortalVisitor.Page {
        let deadline = ContinuousClock.now + .seconds(180)
        while true {
            let page = try await visitor.get(path)
            if isRight(page) { return page }
            struct NeverCame: Error { let text: String }
            guard ContinuousClock.now < deadline else { throw NeverCame(text: String(page.text.prefix(9_000))) }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private static func jobPath(_ name: String, _ more: String = "") -> String {
        "/training/jobs/\(name)\(more)?\(place)"
    }

    @Test func aPersonTrainsAModelAndSeesWhatItIsWorth() async throws {
        let port = try FreePort.find()
        try await TwoRealSites.with(more: ["--management-address", "127.0.0.1:\(port)"]) { sites in
            _ = try await SharedTables(sites, rows: 900, offset: 60)
            try await Self.user("maker", roles: "{role: modeller, tenant: risk, project: cards}", at: sites.bank)
            try await Self.user("reader", roles: "{role: viewer, tenant: risk}", at: sites.bank)
            try await Self.user("stranger", roles: "{role: viewer, tenant: other}", at: sites.bank)
            try await PortalVisitor.with(port: port) { visitor in
                try await visitor.login("maker")
                try await train(visitor)
                try await look(visitor)
                try await mistakes(visitor)
            }
            try await PortalVisitor.with(port: port, language: "zh") { try await reading($0) }
            try await PortalVisitor.with(port: port) { try await notSeeing($0) }
        }
    }

    /// Bins, selection, regression and points, between sites of one group; the settings that the wizard suggests fit rows
    /// and columns, so that nobody has to know of the bound.
    @Test func aPersonMakesAScorecard() async throws {
        let port = try FreePort.find()
        try await TwoRealSites.with(more: ["--management-address", "127.0.0.1:\(port)"]) { sites in
            _ = try await SharedTables(sites, rows: 900, offset: 60, revealsScores: true)
            let offered = try await sites.partner.atoll(
                ["data", "offer", "takings", "--peer", "bank"] + RealJobs.scope)
            #expect(offered.status == 0, "\(offered.error)")
            try await Self.user("maker", roles: "{role: modeller, tenant: risk, project: cards}", at: sites.bank)
            try await PortalVisitor.with(port: port) { visitor in
                try await visitor.login("maker")
                let first = try await visitor.get("/training/new?\(Self.place)")
                #expect(first.text.contains("value=\"risk/cards/takings\""), "what the partner offers")
                let choice = ["name": "card", "theirs": "risk/cards/takings"]
                let second = try await visitor.send(first, "/training/new", choice)
                let sent = try await visitor.send(second, "/training/new/match")
                let found = try await Self.wait(visitor, sent.path) { $0.text.contains("Train on these rows") }
                let link = try #require(found.text.firstMatch(of: /href="([^"]*step=model[^"]*)"/))
                let path = PortalVisitor.plain(String(link.1)) + "&algorithm="
                for (algorithm, task) in [("scorecard", "choose"), ("logistic", "weigh")] {
                    let third = try await visitor.get(path + algorithm)
                    #expect(third.text.contains("the 840 common rows allow 20 passes"), "\(third.text.prefix(9_000))")
                    // One with the own columns beside it, and one that is compared later.
                    let isCompared = algorithm == "scorecard"
                    let settings = ["name": algorithm, "keyBits": "2048", "profile": "dedicated"]
                    let plan = try await visitor.send(
                        third, "/training/new", isCompared ? settings : settings.merging(["baseline": ""]) { $1 })
                    #expect(plan.path.contains("hostColumnLimit=3") && plan.path.contains("passes=20"), "\(plan.path)")
                    #expect(plan.text.contains("part of every row&#39;s score"), "what the partner would tell is said")
                    let job = try await visitor.send(plan, "/training/new/submit")
                    #expect(job.title == algorithm, "\(job.text.prefix(3_000))")
                    let ended = try await Self.wait(visitor, Self.jobPath(algorithm)) {
                        $0.text.contains("Succeeded") || $0.text.contains("Failed")
                    }
                    #expect(
                        ended.text.contains("Succeeded") && ended.text.contains(">\(task)<"),
                        "\(ended.text.prefix(9_000))")
                    let results = try await visitor.get(Self.jobPath(algorithm, "/results"))
                    #expect(results.text.contains("Information value") && results.text.contains("ROC curve"))
                    if !isCompared {
                        // A report is sent on: what the page asks for by a form is not in it, nor a token.
                        let report = try await visitor.get(Self.jobPath(algorithm, "/report"))
                        #expect(report.text.contains("ROC curve") && !report.text.contains("<form"))
                        let asked = try await visitor.send(results, "/training/jobs/\(algorithm)/baseline")
                        #expect(asked.status == 200, "\(asked.text.prefix(3_000))")
                    }
                    _ = try await Self.wait(visitor, Self.jobPath("\(algorithm)-alone")) {
                        $0.text.contains("Succeeded")
                    }
                }
                // Fewer passes than a regression takes are told of before anything runs.
                let few = try await visitor.get(path + "logistic&hostColumnLimit=12")
                #expect(few.text.contains("allow 5 passes") && few.text.contains("class=\"problem\""))
                let wild = try await visitor.get(path + "logistic&hostColumnLimit=\(Int64.max)&test=\(Int64.min)")
                #expect(wild.status == 200, "an address can say anything")
            }
        }
    }

    // MARK: The wizard

    private func train(_ visitor: PortalVisitor) async throws {
        let first = try await visitor.get("/training/new?\(Self.place)")
        #expect(first.title == "Train a model" && first.text.contains("loans (900 rows)"))
        // What the partner has is asked for by name.
        let second = try await visitor.send(first, "/training/new", ["name": "risk-model", "theirs": "takings"])
        #expect(second.text.contains("Find the common rows") && second.text.contains("What each party learns"))
        #expect(second.path.contains("theirs=takings") && second.path.contains("label=bad"))
        let sent = try await visitor.send(second, "/training/new/match")
        #expect(sent.status == 200 && sent.text.contains(">Sent.<"))
        let found = try await Self.wait(visitor, sent.path) { $0.text.contains("Train on these rows") }
        let link = try #require(found.text.firstMatch(of: /href="([^"]*step=model[^"]*)"/))
        let third = try await visitor.get(PortalVisitor.plain(String(link.1)))
        #expect(third.text.contains("Boosted trees") && third.text.contains("name=\"trees\""))
        let settings = [
            "trees": "3", "depth": "2", "bins": "8", "keyBits": "2048", "profile": "dedicated", "test": "3",
        ]
        let plan = try await visitor.send(third, "/training/new", settings)
        #expect(plan.text.contains("Start the training") && plan.text.contains("train.boosting"))
        #expect(plan.text.contains("Cost at each party") && plan.text.contains("Grants that it needs"))
        #expect(plan.text.contains("atoll job submit -f risk-model.yaml"))
        let job = try await visitor.send(plan, "/training/new/submit")
        #expect(job.status == 200 && job.title == "risk-model", "\(job.text.prefix(3_000))")
        _ = try await Self.wait(visitor, Self.jobPath("risk-model")) { $0.text.contains("Succeeded") }
        _ = try await Self.wait(visitor, Self.jobPath("risk-model-alone")) { $0.text.contains("Succeeded") }
        // Again with the same page: done once, under its key.
        let again = try await visitor.send(plan, "/training/new/submit")
        #expect(again.status == 200 && again.title == "risk-model" && again.fault == nil, "\(again.text.prefix(3_000))")
        let list = try await visitor.get("/training?\(Self.place)")
        #expect(list.text.matches(of: />risk-model<\/a>/).count == 1)
    }

    // MARK: What came out

    private func look(_ visitor: PortalVisitor) async throws {
        let overview = try await visitor.get(Self.jobPath("risk-model"))
        for id in ["steps", "lanes"] { #expect(overview.text.contains("id=\"\(id)\""), "\(id)") }
        #expect(overview.text.contains("<svg class=\"chart"))
        #expect(overview.text.contains("atoll job describe risk-model"))
        let results = try await visitor.get(Self.jobPath("risk-model", "/results"))
        #expect(results.text.contains("ROC curve") && results.text.contains(">Area under the curve (AUC)<"))
        // The partner's turnover tells much of what a bad account is.
        #expect(results.text.contains("Better than") && results.text.contains("risk-model-alone"))
        let log = try await visitor.get(Self.jobPath("risk-model", "/log"))
        #expect(log.text.contains(">Log</caption>") && log.text.contains(">Events</caption>"))
        let events = try #require(log.text.firstMatch(of: /(?s)id="events".*?<\/section>/)).0
        #expect(events.contains(">train<") && events.contains("this site") && events.contains("partner"))
        #expect(events.contains("Succeeded"), "the end of each party")
        let plan = try await visitor.get(Self.jobPath("risk-model", "/plan"))
        #expect(plan.text.contains("What each party learns"))
        let report = try await visitor.get(Self.jobPath("risk-model", "/report"))
        #expect(report.headers.first(name: "content-disposition") == "attachment; filename=\"risk-model.html\"")
        #expect(report.text.contains("ROC curve") && !report.text.contains("http:") && !report.text.contains("<script"))
        #expect(report.text.firstMatch(of: /\s(src|style)=/) == nil)

        let compared = try await visitor.get(
            "/training/compare?\(Self.place)&job=risk/cards/risk-model-alone&job=risk/cards/risk-model")
        #expect(compared.text.contains("train.operator") && compared.text.contains("Better than"))
        #expect(!compared.text.contains("limits.cores"), "only what differs")
        let clone = try await visitor.get("/training/document?\(Self.place)&from=risk-model")
        #expect(clone.text.contains("name: risk-model-again") && clone.text.contains("operator: train.boosting"))
        let planned = try await visitor.send(clone, "/training/document", ["do": "plan"])
        #expect(planned.status == 200 && planned.text.contains("Cost at each party"))
        let algorithm = try await visitor.get("/algorithms/train.boosting?\(Self.place)")
        #expect(algorithm.text.contains("name=\"p.trees\"") && algorithm.text.contains("What each role learns"))
        let wrong = try await visitor.send(algorithm, "/algorithms/train.boosting", ["p.trees": "0", "p.label": "bad"])
        #expect(wrong.text.contains("a whole number from 1 to 10000") && !wrong.text.contains("id=\"task-yaml\""))
        let typed = [
            "p.trees": "7", "p.label": "bad", "p.guestDataset": "a", "p.hostDatasets": "b", "p.guestKey": "k",
            "p.hostKeys": "k",
        ]
        let written = try await visitor.send(algorithm, "/algorithms/train.boosting", typed)
        let problem = written.text.firstMatch(of: /(?s)class="problem".*/).map { String($0.0.prefix(2_000)) }
        let isAsTyped = written.text.contains("trees: 7") && !written.text.contains("depth: ")
        #expect(isAsTyped, "defaults are left out: \(problem ?? written.path)")
    }

    // MARK: Mistakes

    /// What the visitor types and what peers answer is text, wherever it comes up.
    private func mistakes(_ visitor: PortalVisitor) async throws {
        let hostile = "<img src=x onerror=alert(1)>"
        let plan = try await visitor.get(
            "/training/new?\(Self.place)&step=plan&name=hostile&dataset=loans&key=merchant&peer=partner&theirs=takings"
                + "&match=risk-model-match&test=2&keyBits=2048&profile=dedicated&trees=2&depth=2&label="
                + (hostile.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""))
        let sent = try await visitor.send(plan, "/training/new/submit")
        // Nobody looks for the column before the task reads its rows.
        #expect(sent.status == 200 && sent.title == "hostile" && sent.fault == nil, "\(sent.text.prefix(3_000))")
        #expect(!sent.text.contains("<img"))
        let failed = try await Self.wait(visitor, Self.jobPath("hostile")) { $0.text.contains("ATL-") }
        #expect(!failed.text.contains("<img") && failed.text.contains("&lt;img src=x"))
        let log = try await visitor.get(Self.jobPath("hostile", "/log"))
        #expect(!log.text.contains("<img"))
        let document = try await visitor.get("/training/document?\(Self.place)")
        let refused = try await visitor.send(
            document, "/training/document", ["do": "submit", "document": "kind: Job\nspec: {tasks: <b>}"])
        #expect(refused.status >= 400 && refused.fault != nil && !refused.text.contains("<b>"))
        #expect(refused.text.contains("spec: {tasks: &lt;b&gt;}"), "what was typed is still there")
        // Without the page's token nothing is done.
        let forged = try await visitor.send(document, "/training/document", ["form-token": "00", "do": "submit"])
        #expect(forged.status == 403 && forged.fault != nil)
    }

    // MARK: Others

    private func reading(_ visitor: PortalVisitor) async throws {
        try await visitor.login("reader")
        let page = try await visitor.get(Self.jobPath("risk-model"))
        #expect(page.title == "risk-model" && page.text.contains("已成功") && page.text.contains("lang=\"zh-CN\""))
        #expect(!page.text.contains("data-zh") && !page.text.contains("/cancel"), "no button for who may not press it")
        let results = try await visitor.get(Self.jobPath("risk-model", "/results"))
        #expect(results.text.contains("ROC 曲线"))
        // The form of a page that is another's: the API refuses, whatever the page shows.
        let document = try await visitor.get("/training/document?\(Self.place)")
        let refused = try await visitor.send(document, "/training/document", ["do": "submit", "document": "kind: Job"])
        #expect(refused.status == 403)
    }

    private func notSeeing(_ visitor: PortalVisitor) async throws {
        try await visitor.login("stranger")
        for path in ["", "/results", "/log", "/plan", "/report"] {
            let page = try await visitor.get(Self.jobPath("risk-model", path))
            #expect([403, 404].contains(page.status) && !page.text.contains("ROC"), "\(path)")
        }
        let list = try await visitor.get("/training?tenant=other")
        #expect(list.status == 200 && !list.text.contains("risk-model"))
    }
}
