import Foundation
import PortalTestKit
import Resources
import Testing

@testable import atoll

/// Names, reasons and purposes that would run in a page which does not keep them apart from its own markup.
enum HostileNames {
    /// Of sites, which may be no longer than this.
    static let short = #"<b onclick=injected=1>P"'</b>"#
    static let long = #""'><script>window.injected=1</script><img src=x onerror=window.injected=1>&lt;"#
    /// What no page may have as it is.
    static let marks = ["<script>window.injected", "<b onclick=", "<img src=x"]
    private static let password = PortalSites.password

    /// Two joined sites where people and peers have written them wherever they can, with something of every kind: data,
    /// grants, requests, jobs that ended, wait and were cancelled, models, people, roles, directories, tokens.
    static func plant(at sites: PortalSites) async throws {
        let (bank, partner) = (sites.bank.site, sites.partner.site)
        let data = try await SharedTables(
            TwoRealSites(bank: bank, partner: partner), rows: 1_200, offset: 0, revealsScores: true)
        try await apply(
            """
            {apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: risk}, spec: {displayName: \(quoted(long)),
             description: \(quoted(long)), contact: \(quoted(long))}}
            ---
            {apiVersion: atoll.dev/v1alpha1, kind: Project, metadata: {name: cards, tenant: risk},
             spec: {displayName: \(quoted(long)), purpose: \(quoted(long))}}
            ---
            {apiVersion: atoll.dev/v1alpha1, kind: Quota, metadata: {name: default, tenant: risk}, spec: {runningJobs: 4}}
            ---
            {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: root},
             spec: {displayName: \(quoted(long)), roles: [{role: platform-admin}]}}
            ---
            {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: eve}, spec: {displayName: \(quoted(long)),
             roles: [{role: viewer, tenant: risk}]}}
            """, at: bank)
        for name in ["root", "eve"] { try await run(bank, ["user", "password", name], input: password + "\n") }
        try await run(bank, ["role", "make", "reviewer", "--summary", long, "--view", "jobs", "--manage", "approvals"])
        try await run(bank, ["secret", "set", "directory-bank"], input: "words\n")
        let directory = bank.folder + "/directory.yaml"
        try """
        apiVersion: atoll.dev/v1alpha1
        kind: Directory
        metadata: {name: bank}
        spec: {preset: openldap, urls: ["ldaps://127.0.0.1:9"], bindDN: \(quoted("cn=" + short)),
          bindSecret: directory-bank, userBase: "ou=people,dc=bank", groupBase: "ou=groups,dc=bank",
          roles: [{group: "cn=risk,ou=groups,dc=bank", role: modeller, tenant: risk}]}
        """.write(toFile: directory, atomically: true, encoding: .utf8)
        try await run(bank, ["directory", "set", "-f", directory])

        let table = bank.folder + "/hostile.csv"
        let cell = "\"" + long.replacing("\"", with: "\"\"") + "\""
        let rows = (0..<60).map { "m\($0),\($0 % 7),\(cell)" }
        try (["merchant,\(cell),words"] + rows).joined(separator: "\n").write(
            toFile: table, atomically: true, encoding: .utf8)
        try await run(bank, ["data", "upload", table, "--name", "hostile", "--id", "merchant"] + RealJobs.scope)
        try await run(
            bank,
            ["grant", "create", "hostile", "--peer", "partner", "--dataset", "hostile", "--purpose", long]
                + ["--algorithm", "align", "--column", "merchant", "--column", long, "--until", "2099-01-01T00:00:00Z"]
                + RealJobs.scope)
        try await run(bank, ["data", "offer", "hostile", "--peer", "partner"] + RealJobs.scope)
        try await run(
            partner,
            ["grant", "request", "please", "--peer", "bank", "--dataset", "hostile", "--column", "merchant"]
                + ["--purpose", long, "--algorithm", "align", "--until", "2099-01-01T00:00:00Z"] + RealJobs.scope)
        try await refusal(sites)
        try await jobs(data)
    }

    /// What this site asked for, and why the peer refused it.
    private static func refusal(_ sites: PortalSites) async throws {
        let (bank, partner) = (sites.bank.site, sites.partner.site)
        try await run(partner, ["data", "offer", "takings", "--peer", "bank"] + RealJobs.scope)
        try await run(
            bank,
            ["grant", "request", "refused", "--peer", "partner", "--dataset", "takings", "--column", "merchant"]
                + ["--purpose", "a test", "--algorithm", "align", "--until", "2099-01-01T00:00:00Z"] + RealJobs.scope)
        try await waitUntil("the request at the peer") {
            try await partner.run(["grant", "requests", "--incoming"] + RealJobs.scope).output.contains("bank-refused")
        }
        try await run(
            partner, ["grant", "answer", "bank-refused", "--refuse", "--reason", long] + RealJobs.scope)
        try await waitUntil("the peer's answer") {
            try await bank.run(["grant", "requests"] + RealJobs.scope).output.contains("Refused")
        }
    }

    private static func jobs(_ data: SharedTables) async throws {
        let bank = data.sites.bank
        let matched = try await data.run(
            "common",
            """
            operator: align
                  parameters: {guestDataset: loans, hostDataset: takings, guestKey: merchant, hostKey: merchant}
            """)
        try #require(matched.status == 0, "\(matched.error)")
        try await PortalModelTests.work(data)
        try await run(bank, ["model", "alias", "merchants", "champion", "1"] + RealJobs.scope)
        try await apply(
            """
            {apiVersion: atoll.dev/v1alpha1, kind: Tenant, metadata: {name: risk}, spec: {displayName: \(quoted(long)),
             approvals: [job]}}
            """, at: bank)
        for name in ["held", "cancelled"] {
            let submitted = try await data.jobs.submit(name)
            try #require(submitted.status == 0, "\(submitted.error)")
        }
        try await run(bank, ["job", "cancel", "cancelled"] + RealJobs.scope)
    }

    /// Pages that no link leads to: where a form goes that asks what is to be shown, what a word stands for, and why a
    /// table that was sent could not be read.
    static func unlinked(_ reader: PageReader) async throws -> [String] {
        let upload = "/data/upload?tenant=risk&project=cards"
        let form = try #require(try await reader.get(upload).forms.first(where: \.hasFile))
        let typed = ["name": "unread", "ids": "nothing"]
        let fields = form.fields.filter(\.isSent).map { ($0.name, typed[$0.name] ?? $0.value) }
        let sent = try await reader.post(form.action, fields, file: ("\(short).csv", "a,b\n1,2\n"))
        try #require(sent.status == 303 && sent.header("location").hasPrefix("/data/makings/"), "\(sent)")
        return [
            sent.header("location"), "/models/merchants?tenant=risk&project=cards",
            "/data/ask?tenant=risk&project=cards&peer=partner",
            "/federation/new-grant?tenant=risk&project=cards&dataset=hostile",
            "/training/compare?tenant=risk&project=cards&job=risk%2Fcards%2Flearn-1&job=risk%2Fcards%2Flearn-2",
        ]
    }

    private static func run(_ site: RunningSite, _ words: [String], input: String = "") async throws {
        let done = try await site.run(words, input: input)
        try #require(done.status == 0, "\(words): \(done.errors)")
    }

    private static func apply(_ documents: String, at site: RunningSite) async throws {
        try await run(site, ["apply", "-f", "-"], input: documents)
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// Whether a page has them as text.
    static func areShown(on page: PageReader.Answer) -> Bool {
        marks.contains { page.text.contains(PageReader.Answer.escaped($0)) }
    }

    /// Nothing of them became part of the page.
    static func areHarmless(_ browser: Browser) async throws -> Bool {
        let found = try await browser.evaluate(
            """
            return typeof window.injected === 'undefined' && !document.querySelector('[onerror],[onclick]')
                && ![...document.scripts].some(s => s.textContent.includes('injected'))
            """)
        return found.bool ?? false
    }
}
