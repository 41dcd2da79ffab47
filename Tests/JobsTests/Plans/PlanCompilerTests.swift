import Crypto
import Faults
import Jobs
import Ledger
import Resources
import Sites
import TaskRuntime
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct PlanCompilerTests {
    private func with(_ changes: [String: JSONValue]) -> JSONValue {
        .object(SampleOperators.spec.object!.merging(changes) { $1 })
    }

    @Test func defaultsAreFilledInAndNumbersTakeOneForm() throws {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        let first = try #require(plan.tasks.first)
        #expect(
            first.parameters == [
                "rounds": .integer(2), "share": .number(1), "loud": .boolean(false), "word": .text("short"),
                "title": .text(""),
            ])
        #expect(first.operatorVersion == 3)
        #expect(plan.owner == SampleOperators.own && plan.name == "sample" && plan.job == SampleOperators.job)
        let setting = plan.setting(of: first)
        #expect(setting.parties.map(\.role) == ["guest", "host", "host"])
        #expect(setting.parties.map(\.site) == plan.parties.map(\.site.text))
        #expect(setting.seed == plan.seed(of: "first"))
    }

    @Test func guestsComeFirstAndThisSiteIsFirstAmongEquals() throws {
        let spec = with([
            "role": "host",
            "peers": [
                ["peer": "beta", "role": "host"], ["peer": "gamma", "role": "guest"],
                ["peer": "alpha", "role": "host"],
            ],
        ])
        let plan = try SampleOperators.compile(spec)
        let sites = SampleOperators.sites
        #expect(plan.parties.map(\.site) == [sites["gamma"]!, SampleOperators.own, sites["beta"]!, sites["alpha"]!])
    }

    @Test func theSameJobGivesTheSamePlanAndTheDrawnSeedIsUsedWhereNoneIsGiven() async throws {
        let one = try SampleOperators.compile(SampleOperators.spec)
        #expect(try SampleOperators.compile(SampleOperators.spec).bytes == one.bytes)
        #expect(one.seed == [UInt8](repeating: 10, count: 32))
        var spec = SampleOperators.spec.object!
        spec["seed"] = nil
        #expect(try SampleOperators.compile(.object(spec)).seed == [UInt8](repeating: 7, count: 32))
        let compiling = CatalogueCompiling(SampleOperators.catalogue, site: SampleOperators.own) {
            SampleOperators.sites
        } rows: { _, _, _ in
            0
        }
        let resource = Resource(
            ResourceID(kind: "Job", scope: Scope(tenant: "risk", project: "small"), name: "sample"),
            spec: .object(spec))
        let (first, second) = (
            try await compiling.plan(of: resource, job: SampleOperators.job),
            try await compiling.plan(of: resource, job: SampleOperators.job)
        )
        #expect(first.seed != second.seed && first.seed.count == 32)
    }

    @Test func sizesThatADocumentLeavesOpenAreAskedOfTheirParties() async throws {
        let compiling = CatalogueCompiling(Operators.all, site: SampleOperators.own) {
            SampleOperators.sites
        } rows: { dataset, site, operatorName in
            guard operatorName == "align" else { return -1 }
            if dataset == "impossible" { return -5 }
            return dataset == "loans" && site == SampleOperators.own ? 11 : 22
        }
        func rows(_ given: [String: JSONValue]) async throws -> [ParameterValue?] {
            let parameters: [String: JSONValue] = [
                "guestDataset": "loans", "hostDataset": "takings", "guestKey": "id", "hostKey": "id",
            ].merging(given) { $1 }
            let spec: JSONValue = [
                "role": "guest", "peers": [["peer": "alpha", "role": "host"]],
                "tasks": [["name": "match", "operator": "align", "parameters": .object(parameters)]],
            ]
            let resource = Resource(
                ResourceID(kind: "Job", scope: Scope(tenant: "risk", project: "small"), name: "sample"), spec: spec)
            let task = try await compiling.plan(of: resource, job: SampleOperators.job).tasks[0]
            return ["guestRows", "hostRows"].map { task.parameters[$0] }
        }
        #expect(try await rows([:]) == [.integer(11), .integer(22)])
        #expect(try await rows(["hostRows": 30]) == [.integer(11), .integer(30)])
        let fault = await #expect(throws: Fault(JobFaults.wrongParameter)) {
            _ = try await rows(["hostDataset": "impossible"])
        }
        #expect(fault?.place == "task match, parameters.hostRows", "what another site tells is no size")
    }

    /// What lives in another tenant or project is not there for a job, however it is named.
    @Test func jobsReadNothingOfOtherProjectsHere() async throws {
        let (own, other) = ("01JZZZZZZZZZZZZZZZZZZZZZZA", "01JZZZZZZZZZZZZZZZZZZZZZZB")
        let compiling = CatalogueCompiling(Operators.all, site: SampleOperators.own) {
            SampleOperators.sites
        } isIn: { dataset, scope in
            scope == Scope(tenant: "risk", project: "small") && !dataset.hasPrefix("retail/") && dataset != "theirs"
        } scope: { job in
            switch job {
            case own: Scope(tenant: "risk", project: "large")
            case other: Scope(tenant: "retail", project: "cards")
            default: nil
            }
        } rows: { _, _, _ in
            100
        }
        func plan(_ role: String, _ loans: String, _ model: String? = nil) async throws {
            var parameters: [String: JSONValue] = [
                "guestDataset": .string(loans), "hostDataset": "theirs", "guestKey": "id", "hostKey": "id",
            ]
            if let model {
                parameters = [
                    "guestDataset": .string(loans), "hostDatasets": "theirs", "guestKey": "id", "hostKeys": "id",
                    "model": .string(model),
                ]
            }
            let spec: JSONValue = [
                "role": .string(role), "peers": [["peer": "alpha", "role": role == "guest" ? "host" : "guest"]],
                "tasks": [
                    [
                        "name": "match", "operator": .string(model == nil ? "align" : "predict"),
                        "parameters": .object(parameters),
                    ]
                ],
            ]
            let resource = Resource(
                ResourceID(kind: "Job", scope: Scope(tenant: "risk", project: "small"), name: "sample"), spec: spec)
            _ = try await compiling.plan(of: resource, job: SampleOperators.job)
        }
        // `theirs` is the peer's dataset, and may be called as one of another project here.
        await #expect(throws: Never.self) { try await plan("guest", "loans") }
        await #expect(throws: Never.self) { try await plan("guest", "loans", "\(own)/train") }
        for name in ["theirs", "retail/cards/loans", "retail/cards/loans@\(own)/match"] {
            let fault = await #expect(throws: Fault(DataFaults.unknownDataset)) { try await plan("guest", name) }
            #expect(fault?.place == "spec.tasks[0]")
        }
        await #expect(throws: Fault(DataFaults.unknownDataset)) { try await plan("host", "loans") }
        await #expect(throws: Fault(JobFaults.earlierJobUnknown)) { try await plan("guest", "loans", "\(other)/train") }
        await #expect(throws: Fault(JobFaults.earlierJobUnknown)) { try await plan("guest", "loans@\(other)/match") }
    }

    @Test func aPeerThatIsNotTrustedIsNamed() throws {
        let unknown = with(["peers": [["peer": "alpha", "role": "host"], ["peer": "delta", "role": "host"]]])
        let fault = #expect(throws: Fault(JobFaults.unknownPeer)) { try SampleOperators.compile(unknown) }
        #expect(fault?.place == "spec.peers[1].peer")
    }

    @Test func theGatewayLearnsTheRowsOfItsOwnSiteAndNoOthers() throws {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        let (own, sites) = (SampleOperators.own, SampleOperators.sites)
        let (alpha, beta) = (sites["alpha"]!, sites["beta"]!)
        let host = plan.declared(at: alpha, digest: plan.digest, epoch: 7, SampleOperators.catalogue)
        #expect(host.planDigest == plan.digest && host.job == plan.job && host.epoch == 7)
        #expect(Set(host.peers) == [own, beta])
        let digest = { (text: String) in Array(SHA256.hash(data: Array(text.utf8))) }
        #expect(
            host.tasks == [
                "first": [
                    MessageDeclaration(
                        type: "ping", senders: [own], receivers: [alpha], steps: 1...2,
                        schemaDigest: digest("ping: bytes"), elementBits: 8, maximumBytes: 100),
                    MessageDeclaration(
                        type: "pong", senders: [alpha], receivers: [own], steps: 1...2,
                        schemaDigest: digest("pong: bytes"), elementBits: 8, maximumBytes: 40),
                ], "second": [],
            ])
        let guest = plan.declared(at: own, digest: plan.digest, epoch: 1, SampleOperators.catalogue)
        #expect(guest.tasks["first"]?.count == 4)
    }
}
