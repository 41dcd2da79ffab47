import Foundation
import NIOHTTP1
import Observability
import Resources
import Testing

@testable import atoll

/// The first page and the page of the system at a real site: what they show, to whom, and how much comes over the wire.
@Suite(.serialized) struct HomePageTests {
    @Test(.timeLimit(.minutes(5))) func theyShowWhatTheViewerMaySee() async throws {
        try await GuardedSite.with { door in
            try await door.user("admin", roles: "{role: platform-admin}")
            let admin = try await door.login("admin")
            try await Self.aNewSiteSaysWhatToDo(door, admin)
            try await Self.populate(door)
            try await waitUntil("the first sample") {
                let machines = try await door.call(.GET, "/api/v1/machines", proof: admin)
                return machines.body["items"]?.array?.first?["cpu"] != nil
            }
            let (ana, ben) = (try await door.login("ana"), try await door.login("ben"))
            try await Self.homeShowsTheSite(door, admin)
            try await Self.tenantsSeeTheirOwn(door, ana, ben)
            try await Self.nothingIsMarkup(door, admin)
            try await Self.theSystemIsShown(door, admin, ana)
            try await Self.theFirstPageIsLight(door, admin)
            #expect(try await door.isSound())
        }
    }

    private static func page(
        _ door: GuardedSite, _ path: String, _ proof: String, language: String = "en", status: Int = 200
    ) async throws -> String {
        let answer = try await door.call(.GET, path, proof: proof, headers: [("Accept-Language", language)])
        #expect(answer.status == status, "\(path): \(answer.text.prefix(2_000))")
        isWellFormed(answer.text, path)
        return answer.text
    }

    private static func isWellFormed(_ text: String, _ path: String) {
        #expect(text.components(separatedBy: "<h1").count == 2, "one heading of the first level: \(path)")
        let ids = text.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(Set(ids).count == ids.count, "ids of \(path) are unique: \(ids.sorted())")
        let tables = text.components(separatedBy: "<table").dropFirst()
        #expect(tables.allSatisfy { $0.contains("<caption") && $0.contains("scope=\"col\"") }, "tables of \(path)")
        #expect(!text.contains(" style=\"") && !text.contains("<style"), "nothing inline: \(path)")
    }

    private static func aNewSiteSaysWhatToDo(_ door: GuardedSite, _ admin: String) async throws {
        let english = try await page(door, "/", admin)
        for step in ["Getting started", "Join a partner", "Upload data", "Train a model"] {
            #expect(english.contains(step), "\(step)")
        }
        #expect(english.components(separatedBy: "To do").count == 4, "none of the three is done")
        let chinese = try await page(door, "/", admin, language: "zh-CN")
        for step in ["快速开始", "与合作方互联", "上传数据", "训练模型"] { #expect(chinese.contains(step), "\(step)") }
        #expect(chinese.contains("lang=\"zh-CN\"") && !chinese.contains("Getting started"))
    }

    private static func homeShowsTheSite(_ door: GuardedSite, _ admin: String) async throws {
        let text = try await page(door, "/", admin)
        for part in [
            MachineMonitor.machineName, "Processor cores", "Memory", "Storage", "Who uses the machines", "of-risk",
            "of-retail", "The site itself", "risk / cards", "partner", "no route", "To decide", "All approvals",
            "Jobs under way", "As of",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(text.contains("data-live=\"/live?kinds=jobs%2Capprovals%2Cpeers%2Croutes&amp;every=15\""))
        for path in [
            "/training/jobs/of-risk?tenant=risk&amp;project=cards", "/federation/peers/partner", "/approvals",
        ] {
            #expect(text.contains("href=\"\(path)\""), "\(path)")
            _ = try await page(door, path.replacing("&amp;", with: "&"), admin)
        }
        // Two of the three steps are done.
        #expect(text.components(separatedBy: "To do<").count == 2 && text.contains("Upload data"))
        for group in ["user", "project", "tenant", "machine", "nonsense"] {
            let grouped = try await page(door, "/?by=\(group)", admin)
            #expect(grouped.contains("aria-current=\"page\""), "\(group)")
        }
        let byTenant = try await page(door, "/?by=tenant", admin)
        #expect(byTenant.contains(">retail<") && !byTenant.contains("The site itself"))
    }

    private static func tenantsSeeTheirOwn(_ door: GuardedSite, _ ana: String, _ ben: String) async throws {
        let own = try await page(door, "/", ana)
        #expect(own.contains("of-risk") && own.contains("Processor cores") && own.contains("partner"))
        #expect(!own.contains("of-retail") && !own.contains("The site itself") && !own.contains("retail"))
        #expect(!own.contains("The site needs attention"), "checks are the platform's")
        let guessed = try await page(door, "/?tenant=retail&project=loans", ana)
        #expect(!guessed.contains("of-retail") && !guessed.contains("Who uses the machines"), "no part of another's")
        let other = try await page(door, "/?tenant=retail", ben, language: "zh")
        #expect(other.contains("of-retail") && !other.contains("of-risk") && other.contains("谁在使用机器"))
        #expect(!other.contains("待您审批"), "a viewer has no inbox")
    }

    /// What a partner calls itself is shown as it is.
    private static func nothingIsMarkup(_ door: GuardedSite, _ admin: String) async throws {
        let text = try await page(door, "/", admin)
        #expect(text.contains("&lt;img src=x onerror=alert(1)&gt;") && !text.contains("<img"))
        let query = try await page(door, "/?by=%22%3E%3Cscript%3E", admin)
        #expect(!query.contains("\"><script>"))
        let none = try await page(door, "/system/machines/%3Cscript%3E", admin, status: 404)
        #expect(none.contains("ATL-9004") && !none.contains("<script>"))
    }

    private static func theSystemIsShown(_ door: GuardedSite, _ admin: String, _ ana: String) async throws {
        let text = try await page(door, "/system", admin)
        let site = try await door.call(.GET, "/api/v1/site", proof: admin).body
        let version = try await door.call(.GET, "/api/v1/version", proof: admin).body
        for part in [
            site["id"]?.string, site["fingerprint"]?.string, version["version"]?.string, version["kernel"]?.string,
            "127.0.0.1:\(door.port)", "store.readable", "Passes", "log.level", "debug", "secrets.key",
        ] {
            let part = try #require(part)
            #expect(text.contains(part), "\(part)")
        }
        #expect(try await page(door, "/system", admin, language: "zh").contains("正在使用的算术内核"))
        let history = try await page(door, "/history?kind=peers&name=partner", admin)
        #expect(text.contains("action=\"/history\"") && history.contains("partner"))
        let less = try await page(door, "/system", ana)
        #expect(less.contains(try #require(version["kernel"]?.string)))
        #expect(
            !less.contains("store.readable") && !less.contains("log.level"), "checks and settings are the platform's")
        let refused = try await door.call(.GET, "/api/v1/settings", proof: ana)
        #expect(refused.status == 403)
        for range in ["day", "week", "quarter"] {
            let machine = try await page(door, "/system/machines/\(MachineMonitor.machineName)?range=\(range)", ana)
            #expect(machine.contains("Processor cores") && machine.contains("chart-figure"), "\(range)")
        }
    }

    /// `portal.home.weight`: the page with its style, script and mark, as a browser gets them the first time.
    private static func theFirstPageIsLight(_ door: GuardedSite, _ admin: String) async throws {
        let page = try await page(door, "/", admin)
        let paths = page.components(separatedBy: "\"").filter { $0.hasPrefix("/assets/") }
        #expect(paths.count == 3, "\(paths)")
        var weight = 0
        for path in ["/"] + paths {
            let answer = try await door.weight(path, proof: admin)
            #expect(answer > 100, "\(path)")
            weight += answer
        }
        #expect(weight <= 61_440, "\(weight) bytes")
    }

    private static func populate(_ door: GuardedSite) async throws {
        try await MachineProcessTests.populate(door)
        let peer = """
            apiVersion: atoll.dev/v1alpha1
            kind: Peer
            metadata: {name: partner}
            spec: {displayName: "<img src=x onerror=alert(1)>", site: \(String(repeating: "a", count: 51))q}
            """
        let applied = try await door.site.run(["apply", "-f", "-"], input: peer)
        #expect(applied.status == 0, "\(applied.errors)")
    }
}
