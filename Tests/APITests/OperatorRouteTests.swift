import API
import Faults
import Foundation
import Jobs
import Ledger
import NIOHTTP1
import Resources
import TaskRuntime
import Testing

@Suite struct OperatorRouteTests {
    private static let names = [
        "align", "baseline.boosting", "bin", "evaluate", "evaluate.points", "model.join", "noop", "predict",
        "predict.logistic", "select",
        "select.signs",
        "train.boosting",
        "train.logistic", "verify", "woe", "woe.apply",
    ]
    private static let sites = (1...2).map { SiteID(digest: [UInt8](repeating: $0, count: 32)) }

    @Test func operatorsAreListedAndShown() async throws {
        try await withRoutes { api, _ in
            let items = try await api.call(.GET, "/api/v1/operators").body["items"]?.array ?? []
            #expect(items.map { $0["name"]?.string } == Self.names)
            let verify = try await api.call(.GET, "/api/v1/operators/verify")
            #expect(
                verify.body == items.first { $0["name"]?.string == "verify" }
                    && verify.body["parameters"]?.array?.isEmpty == false)
            #expect(verify.body["messages"]?.array?.isEmpty == false && verify.body["learns"]?.array?.count == 1)
            let rounds = verify.body["parameters"]?.array?.first { $0["name"]?.string == "rounds" }
            #expect(rounds?["type"]?.string == "integer" && rounds?["least"]?.integer == 2)
            let objective = items.first { $0["name"]?.string == "train.boosting" }?["parameters"]?.array?
                .first { $0["name"]?.string == "objective" }
            #expect(objective?["type"]?.string == "choice" && objective?["choices"] == ["binary", "squared"])
            for item in items
            where ![
                "baseline.boosting", "bin", "evaluate", "evaluate.points", "noop", "select", "select.signs",
                "woe.apply",
            ].contains(
                item["name"]?.string)
            {
                #expect(item["messages"]?.array?.isEmpty == false, "what crosses is shown without a plan")
            }
            let none = try await api.call(.GET, "/api/v1/operators/nothing")
            #expect(
                none.fault == JobFaults.unknownOperator.number
                    && none.body["wanted"]?.string == Self.names.joined(separator: ", "))
        }
    }

    @Test func aPlanIsAnsweredAndNothingIsStored() async throws {
        try await withRoutes { api, store in
            let answer = try await api.call(.POST, "/api/v1/jobs/plan", Self.job())
            #expect(answer.status == 200, "\(answer.text)")
            let parties = answer.body["parties"]?.array ?? []
            #expect(parties.map { $0["site"] } == Self.sites.map { .string($0.text) })
            #expect(answer.body["tasks"]?.array?.first?["messages"]?.array?.isEmpty == false)
            #expect(answer.body["owner"] == .string(Self.sites[0].text))
            #expect(try await store.list(ResourceQuery(kind: "Job")).items.isEmpty)
            // The document's tenant may come with the request instead.
            let scoped = try await api.call(
                .POST, "/api/v1/jobs/plan?tenant=risk&project=small", Self.job(metadata: "{name: x}"))
            #expect(scoped.status == 200, "\(scoped.text)")
        }
    }

    @Test func mistakesAreAnsweredWithTheirPathsAndLines() async throws {
        try await withRoutes { api, _ in
            let answer = try await api.call(
                .POST, "/api/v1/jobs/plan?file=job.yaml", Self.job(parameters: "{ruonds: 3, frames: 0}"))
            #expect(answer.status == 422)
            let places = answer.body["errors"]?.array?.map { $0["where"]?.string }
            #expect(
                places == [
                    "spec.tasks[0].parameters.ruonds (line 9 of job.yaml)",
                    "spec.tasks[0].parameters.frames (line 9 of job.yaml)",
                ])
            let unknown = try await api.call(.POST, "/api/v1/jobs/plan", Self.job(peer: "stranger"))
            #expect(unknown.fault == ResourceFaults.danglingReference.number)
            let untrusted = try await api.call(.POST, "/api/v1/jobs/plan", Self.job(peer: "revoked"))
            #expect(untrusted.fault == JobFaults.unknownPeer.number)
            let two = try await api.call(.POST, "/api/v1/jobs/plan", Self.job() + "\n---\n" + Self.job())
            #expect(two.fault == ResourceFaults.syntax.number)
            let other = try await api.call(
                .POST, "/api/v1/jobs/plan",
                #"{"apiVersion": "atoll.dev/v1alpha1", "kind": "Peer", "metadata": {"name": "new"}, "spec": {}}"#)
            #expect(other.fault == ResourceFaults.unknownKind.number)
        }
    }

    private static func job(
        metadata: String = "{name: x, tenant: risk, project: small}", peer: String = "partner",
        parameters: String = "{rounds: 3}"
    ) -> String {
        """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata: \(metadata)
        spec:
          peers: [{peer: \(peer)}]
          tasks:
            - name: check
              operator: verify
              parameters: \(parameters)
        """
    }

    private func withRoutes(
        _ body: @escaping @Sendable (APIFixture, any ResourceStore) async throws -> Void
    ) async throws {
        let peer = KindDefinition(
            "Peer", plural: "peers", scope: .platform, summary: "A peer.", fields: [], example: "")
        let store = MemoryResourceStore()
        let resources = ResourceService(registry: KindRegistry([peer, Job.kind(Operators.all)]), store: store)
        for name in ["partner", "revoked"] {
            _ = try await store.create(Resource(ResourceID(kind: "Peer", name: name)), by: ChangeNote(author: "test"))
        }
        let compiler = CatalogueCompiling(Operators.all, site: Self.sites[0]) {
            ["partner": Self.sites[1]]
        } rows: { _, _, _ in
            7
        }
        let preview = JobPreview(
            resources: resources, compiler: compiler, catalogue: Operators.all, rates: MemoryRatesBook())
        try await APIFixture.with(routes: [OperatorRoutes(catalogue: Operators.all, preview: preview)]) { api in
            try await body(api, store)
        }
    }
}
