import AsyncHTTPClient
import Faults
import Foundation
import NIOHTTP1
import Resources
import ResourcesTestKit
import Testing

@testable import atoll

/// The data center's pages at a running site, as a browser without scripts meets them.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PortalDataTests {
    private static let place = "tenant=risk&project=cards"
    /// Names and values that would be markup.
    private static let csv =
        "id,amount,<img src=x onerror=alert(1)>,y\n"
        + (0..<300).map { "k\($0),\($0 % 40),<b>\($0 % 3)</b>,\($0 % 2)\n" }.joined()

    @Test func aTableIsBroughtLookedAtComparedGrantedAndDeletedWithoutScripts() async throws {
        try await GuardedSite.with { guarded in
            let steward = try await prepare(guarded)
            try await upload(steward)
            try await look(steward)
            try await refusals(guarded)
            try await grants(steward)
            #expect(try await guarded.isSound())
            try await requests(steward)
            // The end of a dataset.
            let page = try await steward.get("/data/datasets/second/delete?\(Self.place)")
            let deleted = try await steward.send("/data/datasets/second/delete?\(Self.place)", [:], from: page)
            #expect(deleted.status == 303 && deleted.location == "/data?\(Self.place)")
            try await waitUntil("the dataset's end") {
                try await steward.get("/data/datasets/second?\(Self.place)").status == 404
            }
        }
    }

    private func prepare(_ guarded: GuardedSite) async throws -> PortalReader {
        let places =
            FileUploadTests.places + """

                ---
                {apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: other}, spec: {displayName: Other}}
                ---
                apiVersion: atoll.dev/v1alpha1
                kind: Peer
                metadata: {name: partner}
                spec:
                  displayName: Partner
                  site: mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dzpiydcmrtgq2q
                """
        let applied = try await guarded.site.run(["apply", "-f", "-"], input: places)
        try #require(applied.status == 0, "\(applied.errors)")
        try await guarded.user("steward", roles: "{role: data-steward, tenant: risk}, {role: modeller, tenant: risk}")
        try await guarded.user("viewer", roles: "{role: viewer, tenant: risk}")
        try await guarded.user("stranger", roles: "{role: data-steward, tenant: other}")
        return try await PortalReader(guarded, "steward")
    }

    private func upload(_ steward: PortalReader) async throws {
        let empty = try await steward.get("/data?\(Self.place)")
        #expect(empty.status == 200 && empty.text.contains("There are no datasets here"))
        let path = "/data/upload?\(Self.place)"
        let page = try await steward.get(path)
        #expect(page.text.contains("multipart/form-data"))
        let fields = ["name": "first", "ids": "id", "label": "y", "header": "present", "duplicates": "refuse"]
        // A form of another page, a name that is none, no file: refused, and nothing is kept.
        let foreign = try await steward.upload(path, fields, file: Self.csv, from: nil)
        #expect(foreign.status == 403 && foreign.text.contains("\(RequestFaults.formToken.number)"))
        let named = try await steward.upload(
            path, fields.merging(["name": "No name"]) { $1 }, file: Self.csv, from: page)
        #expect(named.status == 422 && named.text.contains("\(ResourceFaults.invalidName.number)"))
        #expect(named.text.contains("value=\"No name\""), "what was typed is kept")
        let none = try await steward.upload(path, fields, file: nil, from: page)
        #expect(none.status == 400 && none.text.contains("No file was chosen"))
        #expect(try await steward.get("/data/files?\(Self.place)").text.contains("first") == false)

        let made = try await steward.upload(path, fields, file: Self.csv, from: page)
        #expect(made.status == 303 && made.location == "/data/datasets/first?\(Self.place)", "\(made.location)")
        let again = try await steward.upload(path, fields, file: Self.csv, from: page)
        #expect(again.status == 409 && again.text.contains("\(ResourceFaults.alreadyExists.number)"))
        // A file whose dataset cannot be made stays, and the page says why and leads on.
        let wrong = try await steward.upload(
            path, fields.merging(["name": "second", "ids": "nothing"]) { $1 }, file: Self.csv, from: page)
        #expect(wrong.status == 303 && wrong.location.hasPrefix("/data/makings/"), "\(wrong.location)")
        let failed = try await steward.get(wrong.location)
        #expect(
            failed.text.contains("\(TableFaults.schemaInvalid.number)")
                && failed.text.contains("/data/make?file=second"))
        let makePath = "/data/make?\(Self.place)"
        let makePage = try await steward.get("/data/make?file=second&\(Self.place)")
        let second = try await steward.send(
            makePath, ["name": "second", "file": "second", "ids": "id", "label": "y"], from: makePage)
        #expect(
            second.status == 303 && second.location == "/data/datasets/second?\(Self.place)",
            "\(second.text.suffix(500))")
        // Larger than one chunk, so that its size is known of the form alone.
        let wide = String(repeating: "w", count: 90)
        let large = "id,a\n" + (0..<100_000).map { "k\($0),\(wide)\($0 % 7)\n" }.joined()
        let largeMade = try await steward.upload(
            path, ["name": "large", "ids": "id", "header": "present"], file: large, from: page)
        #expect(largeMade.status == 303, "\(largeMade.text.suffix(600))")
        #expect(try await steward.get("/data/files?\(Self.place)").text.contains(">large<"))
    }

    private func look(_ steward: PortalReader) async throws {
        let pages =
            [
                "", "/schema", "/rows", "/profile", "/compare", "/grants", "/history", "/delete",
            ].map { "/data/datasets/first\($0)?\(Self.place)" } + [
                "/data/datasets/first/compare?with=second&\(Self.place)", "/data?\(Self.place)",
                "/data?q=amount&order=rows",
                "/data/upload?\(Self.place)", "/data/files?\(Self.place)", "/data/requests?\(Self.place)",
                "/data/ask?\(Self.place)", "/data/make?\(Self.place)",
            ]
        for path in pages {
            for language in ["en", "zh"] {
                let page = try await steward.get(path, language: language)
                #expect(page.status == 200, "\(path): \(page.status)")
                #expect(page.text.components(separatedBy: "<h1>").count == 2, "\(path)")
                #expect(
                    !page.text.contains("<img src=x") && !page.text.contains("<b>0</b>"), "\(path) has markup of data")
                #expect(!page.text.contains(" style="), "\(path)")
                #expect(page.text.contains("数据中心") == (language == "zh"), "\(path)")
            }
        }
        let rows = try await steward.get("/data/datasets/first/rows?\(Self.place)").text
        #expect(rows.contains("&lt;img src=x onerror=alert(1)&gt;") && rows.contains("&lt;b&gt;0&lt;/b&gt;"))
        let compared = try await steward.get("/data/datasets/first/compare?with=second&column=amount&\(Self.place)")
            .text
        #expect(
            compared.contains("Stable") && compared.contains("Part of the PSI")
                && compared.contains("id=\"bins-chart\""))
        let profile = try await steward.get("/data/datasets/first/profile?\(Self.place)").text
        #expect(profile.components(separatedBy: "<svg").count - 1 >= 3, "charts of the columns")
    }

    private func refusals(_ guarded: GuardedSite) async throws {
        let viewer = try await PortalReader(guarded, "viewer")
        let page = try await viewer.get("/data/datasets/first?\(Self.place)")
        #expect(page.status == 200 && !page.text.contains("/delete?") && !page.text.contains("/profile?"))
        for tab in ["rows", "profile", "compare", "grants"] {
            let refused = try await viewer.get("/data/datasets/first/\(tab)?\(Self.place)")
            #expect(refused.status == 403 && refused.text.contains("\(PeopleFaults.forbidden.number)"), "\(tab)")
            #expect(refused.text.contains(tab == "grants" ? "grants.view" : "rows.view"), "\(tab) says what is missing")
        }
        let upload = try await viewer.upload(
            "/data/upload?\(Self.place)", ["name": "mine"], file: Self.csv,
            from: try await viewer.get("/data?\(Self.place)"))
        #expect(upload.status == 403 && upload.text.contains("\(PeopleFaults.forbidden.number)"))
        let deleted = try await viewer.forge("/data/datasets/first/delete?\(Self.place)", [:], from: page)
        #expect(deleted.status == 403 && deleted.text.contains("\(PeopleFaults.forbidden.number)"))
        let stranger = try await PortalReader(guarded, "stranger")
        for path in ["/data", "/data?\(Self.place)", "/data/datasets/first?\(Self.place)", "/data/files?\(Self.place)"]
        {
            let seen = try await stranger.get(path)
            // The address itself is told back, and nothing of what is there.
            #expect(!seen.text.contains(">first<") && !seen.text.contains(">300<"), "\(path)")
            #expect(seen.status == (path == "/data" ? 200 : 403), "\(path): \(seen.status)")
        }
        let nobody = PortalReader(of: guarded)
        let sent = try await nobody.get("/data/datasets/first?\(Self.place)")
        #expect(sent.status == 303 && sent.location.hasPrefix("/login"))
    }

    private func grants(_ steward: PortalReader) async throws {
        let path = "/data/datasets/first/grants?\(Self.place)"
        let form = "/federation/new-grant?dataset=first&\(Self.place)"
        #expect(try await steward.get(path).text.contains("/federation/new-grant?dataset=first"), "the way to it")
        let page = try await steward.get(form)
        let fields = [
            "name": "to-partner", "peer": "partner", "columns": "id", "purpose": "<i>scoring</i>",
            "algorithms": "align",
            "uses": "3", "notAfter": "2099-12-31", "minimumBin": "50",
        ]
        let wrong = try await steward.send(form, fields.merging(["uses": "many"]) { $1 }, from: page)
        #expect(wrong.status == 422 && wrong.text.contains("aria-invalid=\"true\""), "the field is marked")
        let made = try await steward.send(form, fields, from: page)
        #expect(made.status == 303 && made.location.hasPrefix("/federation/grants/to-partner?"))
        let seen = try await steward.get(path)
        #expect(seen.text.contains("to-partner") && seen.text.contains("&lt;i&gt;scoring&lt;/i&gt;"))
        let offered = try await steward.send(
            "/data/datasets/first/offer?\(Self.place)", ["peer": "partner", "isOffered": "yes"], from: seen)
        #expect(offered.status == 303)
        #expect(try await steward.get(path).text.contains("Do not show any more"))
        let end = "/federation/grants/to-partner/revoke?\(Self.place)"
        #expect(seen.text.contains("/federation/grants/to-partner/revoke?"), "the way to its end")
        let revoked = try await steward.send(
            end, ["confirmation": "to-partner"], from: try await steward.get(end))
        #expect(revoked.status == 303)
        try await waitUntil("the grant's end") { try await steward.get(path).text.contains("revoked") }
    }

    private func requests(_ steward: PortalReader) async throws {
        let page = try await steward.get("/data/ask?peer=partner&\(Self.place)")
        #expect(page.text.contains("cannot be reached now"), "the peer is only a name here")
        let fields = [
            "peer": "partner", "name": "takings", "dataset": "a/b/takings", "columns": "id\nturnover",
            "purpose": "scoring",
            "algorithms": "align", "uses": "2", "notAfter": "2099-12-31",
        ]
        let wrong = try await steward.send(
            "/data/ask?peer=partner&\(Self.place)", fields.merging(["dataset": "a/b"]) { $1 }, from: page)
        #expect(wrong.status == 422 && wrong.text.contains("value=\"a/b\""))
        let asked = try await steward.send("/data/ask?peer=partner&\(Self.place)", fields, from: page)
        #expect(
            asked.status == 303 && asked.location == "/data/requests/takings?\(Self.place)", "\(asked.text.suffix(500))"
        )
        try await waitUntil("what stands in the way") {
            try await steward.get(asked.location).text.contains("\(LinkFaults.lost.number)")
        }
        #expect(try await steward.get("/data/requests?\(Self.place)").text.contains("Being sent"))
        let one = try await steward.get(asked.location)
        #expect(!one.text.contains("requests/takings/grant"), "nobody answers their own")
        let withdrawn = try await steward.send("/data/requests/takings/withdraw?\(Self.place)", [:], from: one)
        #expect(withdrawn.status == 303)
        try await waitUntil("the request's end") { try await steward.get(asked.location).status == 404 }
    }
}

/// Reads pages and sends forms as a browser does, with its cookies and no script.
struct PortalReader {
    struct Page {
        let status: Int
        let location: String
        let text: String
        let cookies: [String]
    }

    private let guarded: GuardedSite
    private let session: String?

    init(of guarded: GuardedSite) {
        self.guarded = guarded
        session = nil
    }

    init(_ guarded: GuardedSite, _ user: String) async throws {
        self.guarded = guarded
        let body = #"{"name": "\#(user)", "password": "\#(GuardedSite.password)"}"#
        let answer = try await guarded.call(.POST, "/api/v1/login", body)
        session = try #require(answer.headers["set-cookie"].first?.split(separator: ";").first.map(String.init))
    }

    func get(_ path: String, language: String = "en") async throws -> Page {
        try await call(.GET, path, nil, ["atoll-language=\(language)"], [])
    }

    /// Sends a form of the page.
    func send(_ path: String, _ fields: [String: String], from page: Page) async throws -> Page {
        let action = try #require(
            PortalVisitor.action(to: path, on: page.text), "no form to \(path): \(page.text.prefix(3_000))")
        return try await forge(action, fields, from: page)
    }

    /// Sends what a form would send that the page does not have.
    ///
    /// - Parameter page: whose token is sent.
    func forge(_ path: String, _ fields: [String: String], from page: Page) async throws -> Page {
        var all = fields
        all["form-token"] = Self.value("form-token", page)
        all["form-key"] = ULID.make()
        let body = all.map { "\($0.key)=\(APIPath.encoded($0.value))" }.joined(separator: "&")
        return try await call(
            .POST, path, Array(body.utf8), page.cookies, [("content-type", "application/x-www-form-urlencoded")])
    }

    /// - Parameters:
    ///   - file: nil for none chosen.
    ///   - page: that the form stands on; nil for a page of somebody else.
    func upload(_ path: String, _ fields: [String: String], file: String?, from page: Page?) async throws -> Page {
        let boundary = "----boundary\(ULID.make())"
        var all = [("form-token", page.map { Self.value("form-token", $0) } ?? "00"), ("form-key", ULID.make())]
        all += fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        var body = all.map {
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n"
        }.joined()
        body +=
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file == nil ? "" : "a.csv")\"\r\n"
        body += "Content-Type: text/csv\r\n\r\n\(file ?? "")\r\n--\(boundary)--\r\n"
        return try await call(
            .POST, path, Array(body.utf8), page?.cookies ?? [],
            [("content-type", "multipart/form-data; boundary=\(boundary)")])
    }

    private static func value(_ name: String, _ page: Page) -> String {
        let parts = page.text.components(separatedBy: "name=\"\(name)\" value=\"")
        return parts.count > 1 ? String(parts[1].prefix { $0 != "\"" }) : ""
    }

    private func call(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, _ cookies: [String], _ headers: [(String, String)]
    ) async throws -> Page {
        let jar = ([session].compactMap(\.self) + cookies).joined(separator: "; ")
        let answer = try await guarded.call(
            method, path, body, headers: headers + [("cookie", jar), ("sec-fetch-site", "same-origin")])
        let set = answer.headers["set-cookie"].compactMap { $0.split(separator: ";").first.map(String.init) }
        return Page(
            status: answer.status, location: answer.headers.first(name: "location") ?? "", text: answer.text,
            cookies: set.filter { $0.hasPrefix("__Host-atoll-form=") })
    }
}
