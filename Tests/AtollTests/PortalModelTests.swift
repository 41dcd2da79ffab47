import AsyncHTTPClient
import Faults
import Foundation
import Modeling
import NIOCore
import NIOHTTP1
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// The pages of models over real trainings between two sites: what they show, what they do, and to whom.
@Suite(.serialized) struct PortalModelTests {
    @Test func modelsAreShownNamedMeasuredAndTakenOut() async throws {
        let port = try FreePort.find()
        let more = ["--management-address", "127.0.0.1:\(port)"]
        try await TwoRealSites.with(more: more) { sites in
            let data = try await SharedTables(sites, rows: 1_200, offset: 0, revealsScores: true)
            try await Self.work(data)
            let door = RemoteDoor(address: "http://127.0.0.1:\(port)")
            let modeller = try await ModelVisitor(
                door, sites.bank, "mia", "{role: modeller, tenant: risk, project: cards}")
            let viewer = try await ModelVisitor(door, sites.bank, "vic", "{role: viewer, tenant: risk, project: cards}")
            try await Self.listed(modeller, sites)
            try await Self.measured(modeller, viewer, sites)
            try await Self.scorecard(modeller, viewer, sites)
            try await Self.takenOut(modeller, sites)
            try await Self.scored(modeller, data)
            try await Self.refused(modeller, viewer, sites)
            try await Self.released(modeller, sites)
        }
    }

    private static let place = "?tenant=risk&project=cards"

    /// Two versions of a model, the first scored and measured; a scorecard with cut-offs.
    static func work(_ data: SharedTables) async throws {
        let keys = "guestKey: merchant, hostKeys: merchant, guestDataset: loans, hostDatasets: takings, test: 2"
        let crypto = "keyBits: \"2048\", profile: dedicated"
        for (name, task, text) in [
            (
                "learn-1", "train",
                "train.boosting|label: bad, model: merchants, trees: 2, depth: 3, bins: 8, cellGuard: 2"
            ),
            (
                "learn-2", "train",
                "train.boosting|label: bad, model: merchants, trees: 3, depth: 3, bins: 8, cellGuard: 2"
            ),
            ("weigh", "weigh", "woe|label: bad, hostColumnLimit: 3"),
            ("fit", "fit", "train.logistic|label: bad, hostColumnLimit: 3, woe: weigh/weigh"),
        ] {
            let words = text.split(separator: "|")
            let body = "operator: \(words[0])\n      parameters: {\(keys), \(words[1]), \(crypto)}"
            let done = try await data.run(name, body, task: task)
            try #require(done.status == 0, "\(name): \(done.error)")
        }
        let scored = try await data.sites.bank.atoll(
            ["model", "predict", "merchants:1", "--label", "bad", "--part", "test"] + RealJobs.scope)
        try #require(scored.status == 0, "\(scored.error)")
        let points = try await data.run(
            "points",
            "operator: predict.logistic\n      parameters: {\(keys), label: bad, model: fit/fit, part: test}",
            task: "score")
        try #require(points.status == 0, "\(points.error)")
        let approved = try await data.run(
            "approve",
            """
            operator: evaluate.points
                  parameters: {scores: "loans@points/score", dataset: loans, key: merchant, label: bad}
            """,
            task: "approve", isAlone: true)
        try #require(approved.status == 0, "\(approved.error)")
    }

    private static func listed(_ modeller: ModelVisitor, _ sites: TwoRealSites) async throws {
        let list = try await modeller.get("/models\(place)")
        #expect(
            list.status == 200 && list.text.contains("/models/merchants/1?")
                && list.text.contains("/models/merchants/2?"))
        let named = try await modeller.send(
            "/models/merchants/1\(place)", to: "/models/merchants/1/alias\(place)",
            ["alias": "champion", "version": "1"])
        #expect(named.status == 303, "\(named.text)")
        let described = try await sites.bank.atoll(["model", "describe", "merchants:champion"] + RealJobs.scope)
        #expect(described.output.contains("version 1"), "\(described)")
        let filtered = try await modeller.get("/models\(place)&alias=champion")
        #expect(filtered.text.contains("/models/merchants/1?") && !filtered.text.contains("/models/merchants/2?"))
        let history = try await modeller.get("/models/merchants/1/history\(place)")
        #expect(history.text.contains("champion = 1") && history.text.contains("mia"), "\(history.text.suffix(3_000))")

        let overview = try await modeller.get("/models/merchants/1\(place)")
        let facts = try await sites.bank.atoll(["model", "describe", "merchants:1", "-o", "json"] + RealJobs.scope)
        let digest = try #require(try facts.json["version"]?["spec"]?["digest"]?.string)
        for text in [digest, "amount", "learn-1", "score-merchants-", "trees", "partner"] {
            #expect(overview.text.contains(text), "\(text)")
        }
        #expect(!overview.text.contains("turnover"), "a column of the host")
        let trees = try await modeller.get("/models/merchants/2/trees\(place)")
        #expect(
            trees.text.contains("id=\"tree-3\"") && trees.text.contains("amount") && !trees.text.contains("turnover"))
        let compared = try await modeller.get("/model-comparison\(place)&first=merchants%3A1&second=merchants%3A2")
        #expect(compared.text.contains("parameters.trees") && !compared.text.contains("parameters.depth"))
    }

    private static func measured(_ modeller: ModelVisitor, _ viewer: ModelVisitor, _ sites: TwoRealSites) async throws {
        let jobs = try await sites.bank.atoll(["model", "lineage", "merchants:1", "-o", "json"] + RealJobs.scope)
        let tasks = try jobs.json["items"]?.array ?? []
        #expect(tasks.first { $0["relation"] == "itself" }?["job"] == "learn-1", "\(jobs.output)")
        let job = try #require(tasks.first { $0["operator"] == "predict" }?["job"]?.string, "\(jobs.output)")
        let told = try await sites.bank.atoll(["job", "evaluation", job, "-o", "json"] + RealJobs.scope)
        let measures = try #require(try told.json["items"]?.array?.first?["measures"], "\(told.error)")
        let ks = try #require(measures["ks"]?.number)

        let page = try await modeller.get("/models/merchants/1/evaluation\(place)")
        for id in ["roc", "ks", "gain", "lift", "calibration"] {
            #expect(page.text.contains("id=\"evaluation-\(id)\""), "\(id)")
        }
        let shown = "\((ks * 10_000).rounded() / 10_000)"
        #expect(page.text.contains(shown), "\(shown)")
        let chinese = try await modeller.get(
            "/models/merchants/1/evaluation\(place)", headers: [("accept-language", "zh-CN")])
        #expect(chinese.text.contains("曲线下面积") && !chinese.text.contains("ROC curve"))
        // Curves tell of no few rows, and everybody who sees the model sees them.
        let narrow = try await viewer.get("/models/merchants/1/evaluation\(place)")
        #expect(narrow.status == 200 && narrow.text.contains(shown) && narrow.text.contains("id=\"evaluation-roc\""))
        let other = try await modeller.get("/models/merchants/2/evaluation\(place)")
        #expect(!other.text.contains("id=\"evaluation-roc\"") && !other.text.contains(shown), "measured was version 1")

        let file = try await modeller.get("/models/merchants/1/report\(place)")
        #expect(file.headers.first(name: "content-disposition")?.contains("merchants-1-report.html") == true)
        #expect(file.text.contains("id=\"evaluation-roc\"") && file.text.contains("id=\"tree-1\""))
        for part in ["<script", "href=", "src=", "@import", "url("] { #expect(!file.text.contains(part), "\(part)") }
    }

    private static func scorecard(_ modeller: ModelVisitor, _ viewer: ModelVisitor, _ sites: TwoRealSites) async throws
    {
        let list = try await modeller.get("/scorecards\(place)")
        #expect(list.text.contains("/scorecards/fit?") && !list.text.contains("/scorecards/weigh?"))
        let told = try await sites.bank.atoll(["job", "scorecard", "fit", "--form", "json"] + RealJobs.scope)
        let card = try Scorecard(json: told.output)
        let wanted = card.columns.reduce(card.baseUnits) { $0 + $1.units[$1.units.count - 1] }
        let ticked = card.columns.enumerated().map { "&bin\($0.offset)=\($0.element.units.count - 1)" }.joined()
        let page = try await modeller.get("/scorecards/fit\(place)\(ticked)")
        #expect(page.text.contains("<strong id=\"total\">\(wanted)</strong>"), "\(wanted)")
        let scaled = try await modeller.get("/scorecards/fit\(place)&pdo=0")
        #expect(scaled.text.contains("\(ModelingFaults.scorecard.number)"))
        let columns = try await modeller.get("/scorecards/fit/columns\(place)")
        #expect(columns.text.contains("guest.amount") && columns.text.contains("id=\"woe-1\""))
        let cutoffs = try await modeller.get("/scorecards/fit/evaluation\(place)")
        let hidden = try await viewer.get("/scorecards/fit/evaluation\(place)")
        #expect(hidden.text.contains("id=\"evaluation-roc\"") && !hidden.text.contains("id=\"points-0-cutoffs\""))
        #expect(cutoffs.text.contains("id=\"points-0-cutoffs\""), "\(cutoffs.text.suffix(2_000))")
        let sql = try await modeller.get("/scorecards/fit/download\(place)&form=sql")
        #expect(sql.status == 200 && sql.text.contains("SELECT"))
    }

    private static func takenOut(_ modeller: ModelVisitor, _ sites: TwoRealSites) async throws {
        let file = sites.bank.folder + "/dump.txt"
        _ = try await sites.bank.atoll(
            ["model", "export", "merchants:1", "--form", "dump", "--output", file] + RealJobs.scope)
        let dump = try await modeller.get("/models/merchants/1/download\(place)&form=dump")
        #expect(try dump.text == String(contentsOfFile: file, encoding: .utf8))
        let whole = try await modeller.get("/models/merchants/1/download\(place)&form=xgboost")
        #expect(whole.status >= 400 && whole.text.contains("\(ModelFaults.notWhole.number)"))
        // Hosts did not agree, and the page says which grant is missing.
        let joined = try await modeller.send(
            "/models/merchants/1/export\(place)", to: "/models/merchants/1/join\(place)", ["job": "join-them"])
        #expect(
            joined.status >= 400 && joined.text.contains("an algorithm that the grant does not allow"),
            "\(joined.status)")
        #expect(joined.text.contains("value=\"join-them\""), "what was typed stays")
    }

    private static func scored(_ modeller: ModelVisitor, _ data: SharedTables) async throws {
        let path = "/models/merchants/1/scoring"
        let half = try await modeller.send(
            "\(path)\(place)", to: "\(path)\(place)", ["job": "half", "dataset": "loans@a/b"])
        #expect(half.status == 400 && half.text.contains("value=\"loans@a/b\""), "\(half.status)")
        let sent = try await modeller.send(
            "\(path)\(place)", to: "\(path)\(place)", ["job": "by-page", "label": "bad"])
        #expect(sent.status == 303, "\(sent.text)")
        try await data.jobs.wait(data.sites.bank, "by-page") { $0 == "Succeeded" }
        let page = try await modeller.get("\(path)\(place)")
        let address = try #require(page.text.split(separator: "\"").first { $0.hasPrefix("/scores/") })
        let table = try await modeller.get(address.replacing("&amp;", with: "&"))
        #expect(table.status == 200 && table.text.contains("score") && table.text.split(separator: "\n").count > 1_000)
    }

    /// Where the tenant wants a release approved, trees are told to nobody before it: all of them are the model.
    private static func released(_ modeller: ModelVisitor, _ sites: TwoRealSites) async throws {
        #expect(try await modeller.get("/models/merchants/1/trees\(place)").text.contains("id=\"tree-1\""))
        let tenant = """
            {apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: risk},
             spec: {displayName: R, approvals: [resultRelease]}}
            """
        let applied = try await sites.bank.run(["apply", "-f", "-"], input: tenant)
        #expect(applied.status == 0, "\(applied.errors)")
        let page = try await modeller.get("/models/merchants/1/trees\(place)")
        #expect(page.text.contains("\(PeopleFaults.notReleased.number)") && !page.text.contains("id=\"tree-1\""))
        #expect(page.text.contains("/models/merchants/1/export?"), "the tabs lead to where a release is asked for")
        let command = try await sites.bank.atoll(["model", "trees", "merchants:1"] + RealJobs.scope)
        #expect(command.status != 0 && command.error.contains("\(PeopleFaults.notReleased.number)"))
        let audit = try await sites.bank.atoll(["audit", "list", "--kind", "read", "-o", "json"])
        let read = try #require(try audit.json["items"]?.array?.first)
        #expect(read["path"]?.string?.hasSuffix("/models/merchants/trees") == true && read["fault"] != 0, "\(read)")
    }

    private static func refused(_ modeller: ModelVisitor, _ viewer: ModelVisitor, _ sites: TwoRealSites) async throws {
        let page = try await viewer.get("/models/merchants/1\(place)")
        #expect(
            page.status == 200 && !page.text.contains("/models/merchants/1/alias") && !page.text.contains("/delete"))
        for (action, fields) in [
            ("alias", ["alias": "challenger", "version": "1"]), ("delete", [:]), ("join", ["job": "a"]),
            ("scoring", ["job": "a"]), ("release", ["why": "a"]),
        ] {
            let answer = try await viewer.forge(page.text, to: "/models/merchants/1/\(action)\(place)", fields)
            #expect(answer.status == 403 && answer.text.contains("\(PeopleFaults.forbidden.number)"), "\(action)")
        }
        let other = """
            {apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: other}, spec: {displayName: O}}
            ---
            {apiVersion: atoll.dev/v1alpha1, kind: Project, metadata: {name: none, tenant: other}, spec: {displayName: N}}
            """
        let applied = try await sites.bank.run(["apply", "-f", "-"], input: other)
        #expect(applied.status == 0, "\(applied.errors)")
        let stranger = try await ModelVisitor(
            RemoteDoor(address: viewer.address), sites.bank, "otto", "{role: viewer, tenant: other, project: none}")
        #expect(try await stranger.get("/models/merchants/1\(place)").status == 403)
        let nobody = try await stranger.get("/models?tenant=other&project=none")
        #expect(nobody.status == 200 && !nobody.text.contains("merchants"))

        let champion = try await modeller.send(
            "/models/merchants/1\(place)", to: "/models/merchants/1/delete\(place)", [:])
        #expect(
            champion.status >= 400 && champion.text.contains("\(ModelFaults.hasAlias.number)"), "\(champion.status)")
        let deleted = try await modeller.send(
            "/models/merchants/2\(place)", to: "/models/merchants/2/delete\(place)", [:])
        #expect(deleted.status == 303, "\(deleted.status)")
        try await waitUntil("the version is gone") {
            try await modeller.get("/models/merchants/2\(place)").status == 404
        }
    }
}

/// Somebody who looks at pages by a token and sends their forms.
private final class ModelVisitor {
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String
    }

    let address: String
    private let secret: String
    private var cookie = ""
    private let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

    deinit { client.shutdown { _ in } }

    /// A new user with a role, as a document writes it.
    init(_ door: RemoteDoor, _ site: RunningSite, _ name: String, _ role: String) async throws {
        address = door.address
        let user = """
            {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: \(name)},
             spec: {displayName: U, roles: [\(role)]}}
            """
        let applied = try await site.run(["apply", "-f", "-"], input: user)
        try #require(applied.status == 0, "\(applied.errors)")
        let set = try await site.run(["user", "password", name], input: GuardedSite.password + "\n")
        try #require(set.status == 0, "\(set.errors)")
        let login = try await door.call(
            "post", "/api/v1/login", GuardedSite.body(name, GuardedSite.password), proof: nil)
        secret = try #require(login.body["secret"]?.string)
    }

    func get(_ path: some StringProtocol, headers: [(String, String)] = []) async throws -> Answer {
        try await ask(.GET, String(path), headers, nil)
    }

    /// Opens a page, and sends the form on it that leads there, with these fields.
    func send(_ page: String, to action: String, _ fields: [String: String]) async throws -> Answer {
        let text = try await get(page).text
        let own = try #require(
            PortalVisitor.action(to: action, on: text), "no form to \(action) at \(page): \(text.prefix(3_000))")
        return try await forge(text, to: own, fields)
    }

    /// Sends what a form would send that the page does not have.
    ///
    /// - Parameter page: whose token is sent.
    func forge(_ page: String, to action: String, _ fields: [String: String]) async throws -> Answer {
        let token = try #require(page.firstMatch(of: /name="form-token" value="([^"]+)"/)?.output.1, "no form")
        var all = fields
        all["form-token"] = String(token)
        all["form-key"] = ULID.make()
        let body = all.map { "\($0.key)=\(Self.encoded($0.value))" }.joined(separator: "&")
        return try await ask(.POST, action, [("content-type", "application/x-www-form-urlencoded")], body)
    }

    private func ask(
        _ method: HTTPMethod, _ path: String, _ headers: [(String, String)], _ body: String?
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        request.headers.add(name: "authorization", value: "Bearer \(secret)")
        if !cookie.isEmpty { request.headers.add(name: "cookie", value: cookie) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 16 << 20)
        for field in response.headers["set-cookie"] where field.hasPrefix("__Host-") {
            cookie = String(field.prefix { $0 != ";" })
        }
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
