import API
import Faults
import NIOHTTP1
import Resources
import Testing

private struct FailingCheck: HealthCheck {
    func run() async -> Finding {
        Finding("store.readable", .fail, found: "the store does not answer", wanted: "an answer", fix: "see the log")
    }
}

@Suite struct MetaRouteTests {
    @Test func probesAndMetricsAnswer() async throws {
        try await APIFixture.with { api in
            #expect(try await api.call(.GET, "/healthz").text == "ok\n")
            #expect(try await api.call(.GET, "/readyz").text == "ok\n")
            let metrics = try await api.call(.GET, "/metrics")
            #expect(metrics.headers.first(name: "content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(metrics.text.contains("process_resident_memory_bytes"))
        }
    }

    @Test func readinessFollowsTheChecks() async throws {
        try await APIFixture.with(checks: [FailingCheck()]) { api in
            let answer = try await api.call(.GET, "/readyz")
            #expect(answer.status == 503)
            #expect(answer.fault == ProgramFaults.notReady.number)
            #expect(try await api.call(.GET, "/healthz").status == 200)
            let doctor = try await api.call(.GET, "/api/v1/doctor")
            #expect(doctor.body["items"]?.array?.first?["status"] == "fail")
        }
    }

    @Test func theProgramDescribesItself() async throws {
        try await APIFixture.with { api in
            #expect(try await api.call(.GET, "/api/v1/version").body["version"] == "1.2.3")
            let kinds = try await api.call(.GET, "/api/v1/kinds").body["items"]?.array ?? []
            #expect(kinds.compactMap { $0["name"]?.string } == ["Project", "Tenant"])
            for kind in kinds {
                let example = try #require(kind["example"]?.string)
                #expect(try YAMLReader.documents(Array(example.utf8)).count == 1)
            }
            let faults = try await api.call(.GET, "/api/v1/faults").body["items"]?.array ?? []
            #expect(faults.count == FaultCatalogue.all.count)
        }
    }

    @Test func theOpenAPIDocumentNamesEveryRouteOfEveryKind() async throws {
        try await APIFixture.with { api in
            let document = try await api.call(.GET, "/api/v1/openapi.json").body
            #expect(document["openapi"] == "3.1.0")
            let paths = try #require(document["paths"]?.object)
            for plural in ["tenants", "projects"] {
                for suffix in ["", "/{name}", "/{name}/history", "/{name}/diff", "/{name}/rollback"] {
                    #expect(paths["/api/v1/\(plural)\(suffix)"] != nil, "\(plural)\(suffix)")
                }
            }
            let fields = document["components"]?["schemas"]?["Project"]?["properties"]?["spec"]?["properties"]?.object
            #expect(fields?.keys.sorted() == ["displayName"])
        }
    }

    @Test func secretsGoInAndNeverComeOut() async throws {
        try await APIFixture.with { api in
            let set = try await api.call(.PUT, "/api/v1/secrets/directory", "needle")
            #expect(set.status == 200)
            #expect(set.body["bytes"] == 6)
            let list = try await api.call(.GET, "/api/v1/secrets")
            #expect(list.body["items"]?.array?.count == 1)
            #expect(!list.text.contains("needle") && !set.text.contains("needle"))
            let misnamed = try await api.call(.PUT, "/api/v1/secrets/Bad_Name", "x")
            #expect(misnamed.fault == ResourceFaults.invalidName.number)
            #expect(try await api.call(.PUT, "/api/v1/secrets/empty", "").fault == ProgramFaults.invalidSecret.number)
            #expect(try await api.call(.DELETE, "/api/v1/secrets/directory").status == 200)
            let again = try await api.call(.DELETE, "/api/v1/secrets/directory")
            #expect(again.fault == ProgramFaults.secretNotFound.number)
        }
    }
}
