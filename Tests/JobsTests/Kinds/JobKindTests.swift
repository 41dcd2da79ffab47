import Faults
import Jobs
import Ledger
import Resources
import Testing

@Suite struct JobKindTests {
    private static let note = ChangeNote(author: "ana")

    private static func service() async throws -> ResourceService {
        let peer = KindDefinition(
            "Peer", plural: "peers", scope: .platform, summary: "A peer.", fields: [], example: "")
        let registry = KindRegistry([peer, Job.kind(SampleOperators.catalogue)])
        let service = ResourceService(registry: registry, store: MemoryResourceStore())
        for name in ["alpha", "beta", "partner"] {
            _ = try await service.store.create(Resource(ResourceID(kind: "Peer", name: name)), by: note)
        }
        return service
    }

    private static func document(_ spec: JSONValue) -> Document {
        Document([
            "apiVersion": .string(Resource.apiVersion), "kind": "Job",
            "metadata": ["name": "sample", "tenant": "risk", "project": "small"], "spec": spec,
        ])
    }

    private static func create(_ spec: JSONValue) async throws -> Resource {
        try await service().create(document(spec), defaults: .platform, by: note)
    }

    private static func with(_ changes: [String: JSONValue]) -> JSONValue {
        .object(SampleOperators.spec.object!.merging(changes) { $1 })
    }

    private static func task(_ changes: [String: JSONValue]) -> JSONValue {
        let echo: [String: JSONValue] = ["name": "a", "operator": "echo", "parameters": ["rounds": 2]]
        return with(["tasks": [.object(echo.merging(changes) { $1 })]])
    }

    private static func tasks(_ afters: [String: [String]]) -> JSONValue {
        with([
            "tasks": .array(
                afters.sorted { $0.key < $1.key }.map {
                    [
                        "name": .string($0.key), "operator": "rest",
                        "after": .array($0.value.map { .string($0) }),
                    ]
                })
        ])
    }

    @Test func aJobIsStoredWithItsDefaults() async throws {
        let job = try await Self.create(Self.task([:]))
        #expect(job.metadata.finalizers == [Job.finalizer])
        let spec = JobSpec(job.spec)
        #expect(spec.wish == .run && spec.attempt == 1 && !spec.needsApproval)
        #expect(spec.limits == JobLimits(memory: 512 << 20, cores: 2, seconds: 600))
        #expect(spec.seed == [UInt8](repeating: 10, count: 32))
        var short = SampleOperators.spec.object!
        short["limits"] = ["cores": 4]
        short["seed"] = nil
        let second = JobSpec(try await Self.create(.object(short)).spec)
        #expect(second.limits == JobLimits(memory: 1024 << 20, cores: 4, seconds: 86_400))
        #expect(second.seed == nil)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let spec: JSONValue
        let entry: FaultEntry
        let place: String
        var wanted: String?

        init(_ spec: JSONValue, _ entry: FaultEntry, _ place: String, _ wanted: String? = nil) {
            (self.spec, self.entry, self.place, self.wanted) = (spec, entry, place, wanted)
        }

        var testDescription: String { "\(entry.name) at \(place)" }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            task(["operator": "ehco"]), JobFaults.unknownOperator, "spec.tasks[0].operator", "did you mean 'echo'?"),
        Mistake(task(["operator": "train"]), JobFaults.unknownOperator, "spec.tasks[0].operator", "echo, rest"),
        Mistake(task(["version": 2]), JobFaults.versionDiffers, "spec.tasks[0].version", "version 3"),
        Mistake(
            task(["parameters": ["rounds": 1, "shrae": 1]]), JobFaults.unknownParameter,
            "spec.tasks[0].parameters.shrae", "did you mean 'share'?"),
        Mistake(
            task(["operator": "rest", "parameters": ["rounds": 1]]), JobFaults.unknownParameter,
            "spec.tasks[0].parameters.rounds", "no parameters"),
        Mistake(
            task(["parameters": [:]]), JobFaults.missingParameter, "spec.tasks[0].parameters.rounds",
            "a whole number from 1 to 9"),
        Mistake(
            task(["parameters": ["rounds": 10]]), JobFaults.wrongParameter, "spec.tasks[0].parameters.rounds",
            "a whole number from 1 to 9"),
        Mistake(task(["parameters": ["rounds": 1.5]]), JobFaults.wrongParameter, "spec.tasks[0].parameters.rounds"),
        Mistake(task(["parameters": ["rounds": "two"]]), JobFaults.wrongParameter, "spec.tasks[0].parameters.rounds"),
        Mistake(
            task(["parameters": ["rounds": 1, "share": 1.5]]), JobFaults.wrongParameter,
            "spec.tasks[0].parameters.share"),
        Mistake(
            task(["parameters": ["rounds": 1, "loud": 1]]), JobFaults.wrongParameter, "spec.tasks[0].parameters.loud",
            "true or false"),
        Mistake(
            task(["parameters": ["rounds": 1, "word": "shotr"]]), JobFaults.wrongParameter,
            "spec.tasks[0].parameters.word", "one of short, long"),
        Mistake(
            task(["parameters": ["rounds": 1, "title": "far too long"]]), JobFaults.wrongParameter,
            "spec.tasks[0].parameters.title"),
        Mistake(
            task(["parameters": ["rounds": 1, "title": "a\nb"]]), JobFaults.wrongParameter,
            "spec.tasks[0].parameters.title"),
        Mistake(
            task(["parameters": ["rounds": 9, "loud": true]]), JobFaults.wrongParameter,
            "spec.tasks[0].parameters.rounds", "at most 8"),
        Mistake(
            task(["parameters": ["rounds": [1]]]), ResourceFaults.wrongType, "spec.tasks[0].parameters.rounds"),
        Mistake(task(["parameters": ["a-b": 1]]), ResourceFaults.outOfRange, "spec.tasks[0].parameters.a-b"),
        Mistake(task(["name": "Not A Name"]), ResourceFaults.outOfRange, "spec.tasks[0].name"),
        Mistake(
            with(["peers": [["peer": "alpha", "role": "host"], ["peer": "alpha", "role": "host"]]]),
            JobFaults.wrongRoles, "spec.peers[1].peer", "each peer once"),
        Mistake(
            with(["peers": [["peer": "alpha", "role": "member"], ["peer": "beta", "role": "host"]]]),
            JobFaults.wrongRoles, "spec.peers[0].role", "guest, host"),
        Mistake(with(["peers": []]), JobFaults.wrongRoles, "spec.peers", "1 to 3 for the operator 'echo'"),
        Mistake(
            with(["peers": [["peer": "alpha", "role": "host"], ["peer": "beta", "role": "guest"]]]),
            JobFaults.wrongRoles, "spec.peers", "1 to 1 for the operator 'echo'"),
        Mistake(
            with(["peers": [["peer": "nobody", "role": "host"]]]), ResourceFaults.danglingReference,
            "spec.peers[0].peer"),
        Mistake(with(["peers": [["peer": "alpha", "role": "boss"]]]), ResourceFaults.outOfRange, "spec.peers[0].role"),
        Mistake(with(["tasks": []]), ResourceFaults.outOfRange, "spec.tasks"),
        Mistake(with(["seed": .string(String(repeating: "0A", count: 32))]), JobFaults.badSeed, "spec.seed"),
        Mistake(with(["limits": ["memory": 1]]), ResourceFaults.outOfRange, "spec.limits.memory"),
        Mistake(with(["wanted": "stop"]), ResourceFaults.outOfRange, "spec.wanted"),
        Mistake(
            tasks(["a": [], "b": ["c"]]), JobFaults.wrongGraph, "spec.tasks[1].after[0]", "the name of a task above"),
        Mistake(tasks(["a": ["a"]]), JobFaults.wrongGraph, "spec.tasks[0].after[0]"),
        Mistake(tasks(["a": [], "b": ["a", "c"], "c": []]), JobFaults.wrongGraph, "spec.tasks[1].after[1]"),
    ]

    @Test(arguments: mistakes) func aMistakeIsToldWithItsExactPath(_ mistake: Mistake) async throws {
        let caught = await #expect(throws: Fault.self) { try await Self.create(mistake.spec) }
        #expect(caught?.number == mistake.entry.number)
        #expect(caught?.place == mistake.place)
        if let wanted = mistake.wanted { #expect(caught?.wanted == wanted) }
    }

    @Test func allMistakesAreToldAtOnceWithTheirLines() async throws {
        let text = """
            apiVersion: atoll.dev/v1alpha1
            kind: Job
            metadata: {name: sample, tenant: risk, project: small}
            spec:
              role: guest
              peers:
                - {peer: alpha, role: host}
              tasks:
                - name: one
                  operator: echo
                  version: 7
                  parameters:
                    rounds: 20
                    laod: true
                - name: one
                  operator: ecko
                  after: [two]
                - name: three
                  operator: rest
                  after: [four]
                - name: four
                  operator: rest
                  after: [three]
            """
        let documents = try YAMLReader.documents(Array(text.utf8), file: "job.yaml")
        let service = try await Self.service()
        let caught = await #expect(throws: Fault(ResourceFaults.invalidDocument)) {
            try await service.apply(documents, defaults: .platform, by: Self.note)
        }
        let places = Set((caught?.leaves ?? []).map { "\($0.entry.name) \($0.place ?? "")" })
        #expect(
            places == [
                "job-operator-version spec.tasks[0].version (line 11 of job.yaml)",
                "job-wrong-parameter spec.tasks[0].parameters.rounds (line 13 of job.yaml)",
                "job-unknown-parameter spec.tasks[0].parameters.laod (line 14 of job.yaml)",
                "job-wrong-graph spec.tasks[1].name (line 15 of job.yaml)",
                "job-unknown-operator spec.tasks[1].operator (line 16 of job.yaml)",
                "job-wrong-graph spec.tasks[1].after[0] (line 17 of job.yaml)",
                "job-wrong-graph spec.tasks[2].after[0] (line 20 of job.yaml)",
            ])
    }

    @Test func twoTasksOfOneNameAreRefused() async throws {
        let rest: JSONValue = ["name": "a", "operator": "rest"]
        let caught = await #expect(throws: Fault(JobFaults.wrongGraph)) {
            try await Self.create(Self.with(["tasks": [rest, rest]]))
        }
        #expect(caught?.place == "spec.tasks[1].name")
    }

    @Test func noFaultRepeatsAValue() async throws {
        let spec = Self.task(["parameters": ["rounds": "needle", "title": "needleneedle", "word": "needle"]])
        let caught = await #expect(throws: Fault(ResourceFaults.invalidDocument)) { try await Self.create(spec) }
        #expect(caught?.parts.count == 3)
        #expect(caught?.description.contains("needle") == false)
    }

    @Test func nothingButTheWishChanges() async throws {
        let service = try await Self.service()
        let job = try await service.create(Self.document(SampleOperators.spec), defaults: .platform, by: Self.note)
        func change(_ key: String, _ value: JSONValue) async throws -> Resource {
            var spec = try await service.store.get(job.id).spec.object!
            spec[key] = value
            return try await service.replace(
                job.id, with: Self.document(.object(spec)), version: nil, by: Self.note)
        }
        for (key, value) in [
            ("peers", [["peer": "alpha", "role": "host"]]), ("approval", true),
            ("limits", ["memory": 64, "cores": 1, "seconds": 1]),
            ("tasks", [["name": "a", "operator": "echo", "parameters": ["rounds": 1]]]),
            ("seed", .string(String(repeating: "0b", count: 32))),
        ] as [(String, JSONValue)] {
            await #expect(throws: Fault(ResourceFaults.immutableField), "\(key)") { try await change(key, value) }
        }
        // Another role of this site needs other roles of its peers: both are told.
        var swapped = SampleOperators.spec.object!
        swapped["role"] = "host"
        swapped["peers"] = [["peer": "alpha", "role": "guest"], ["peer": "beta", "role": "host"]]
        let document = Self.document(.object(swapped))
        let both = await #expect(throws: Fault(ResourceFaults.invalidDocument)) {
            try await service.replace(job.id, with: document, version: nil, by: Self.note)
        }
        let places: [String] = (both?.leaves ?? []).compactMap { $0.place }
        #expect(places == ["spec.role", "spec.peers"])
        #expect(JobSpec(try await change("wanted", "pause").spec).wish == .pause)
        #expect(JobSpec(try await change("attempt", 3).spec).attempt == 3)
        await #expect(throws: Fault(JobFaults.attemptFalls)) { try await change("attempt", 2) }
        #expect(JobSpec(try await change("wanted", "cancel").spec).wish == .cancel)
        await #expect(throws: Fault(JobFaults.cancelStands)) { try await change("wanted", "run") }
        await #expect(throws: Fault(ResourceFaults.rollbackRefused)) {
            try await service.rollback(job.id, to: 1, by: Self.note)
        }
    }

    @Test func aMirrorSaysWhatThePlanSaysAndPassesTheChecks() async throws {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        let alpha = SampleOperators.sites["alpha"]!
        let names = [SampleOperators.own: "partner", SampleOperators.sites["beta"]!: "beta"]
        let spec = Job.mirror(of: plan, at: alpha, peerName: { names[$0] })
        let read = JobSpec(spec)
        #expect(read.role == "host" && read.seed == plan.seed && read.limits == plan.limits)
        #expect(read.peers.map(\.peer) == ["partner", "beta"] && read.peers.map(\.role) == ["guest", "host"])
        #expect(read.tasks.map(\.name) == ["first", "second"] && !read.needsApproval)
        let service = try await Self.service()
        let id = ResourceID(kind: "Job", scope: Scope(tenant: "risk", project: "small"), name: "sample")
        let stored = try await service.store.create(Resource(id, spec: spec), by: Self.note)
        let again = try await service.apply([Document(stored.json)], defaults: .platform, by: Self.note)
        #expect(again.map(\.action) == [.unchanged])
    }
}
