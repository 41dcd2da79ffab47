import Faults
import HTTPTypes
import Hummingbird
import Observability
import People
public import Resources

/// How busy the machines of the site are, now and before.
public struct MachineRoutes: APIRoutes {
    private let source: any MetricSource

    /// The longest time that is kept, in seconds, and the most samples of one answer.
    private static let longest: Int64 = 90 * 86_400
    private static let mostSamples: Int64 = 6_000

    public init(source: any MetricSource) {
        self.source = source
    }

    public func add(to door: Door) {
        door.get("machines", asks: .view(.site)) { [source] _, _ in
            let machines = try await source.machines()
            return .json(["items": .array(machines.map(\.json))], headers: [.cacheControl: "no-store"])
        }
        door.get("machines/:name/samples", asks: .view(.site), use: samples)
    }

    @Sendable private func samples(_ request: Request, _ context: APIContext) async throws -> Response {
        let name = try context.parameters.require("name")
        guard try await source.machines().contains(where: { $0.name == name }) else {
            throw Fault(ObservabilityFaults.unknownMachine, at: "path")
        }
        let until = try request.time("until") ?? .now
        let day: Int64 = 86_400_000
        let from = try request.time("from") ?? Timestamp(milliseconds: until.milliseconds - day)
        let step = try request.number("step", in: 15...86_400) ?? 300
        guard from < until, (until.milliseconds - from.milliseconds) / 1000 <= Self.longest,
            (until.milliseconds - from.milliseconds) / (step * 1000) <= Self.mostSamples
        else {
            throw Fault(
                ProgramFaults.badRequest, "The time that is asked for cannot be told in such steps.", at: "from, until",
                wanted: "from before until, at most 90 days and \(Self.mostSamples) steps")
        }
        let samples = try await source.history(of: name, from: from, until: until, step: step * 1000)
        return .json(
            ["items": .array(samples.map(\.json)), "step": .integer(step)], headers: [.cacheControl: "no-store"])
    }

    public var paths: [String: JSONValue] {
        let name: JSONValue = ["name": "name", "in": "path", "required": true, "schema": ["type": "string"]]
        return [
            "/api/v1/machines": [
                "get": OpenAPI.operation(
                    "listMachines", "What is used of processors, memory and storage now, and what there is.",
                    parameters: [], answer: OpenAPI.items)
            ],
            "/api/v1/machines/{name}/samples": [
                "get": OpenAPI.operation(
                    "machineSamples", "Averages over steps: of a day in steps of 15 seconds, of 90 days of 5 minutes.",
                    parameters: [name]
                        + ["from", "until"].map { OpenAPI.parameter($0, ["type": "string", "format": "date-time"]) }
                        + [
                            OpenAPI.parameter("step", ["type": "integer", "minimum": 15, "maximum": 86_400])
                        ], answer: OpenAPI.items)
            ],
        ]
    }
}

extension MachineState {
    fileprivate var json: JSONValue {
        var members = sample?.json.object ?? [:]
        members["name"] = .string(name)
        members["cards"] = .array(
            cards.map { card in
                var members: [String: JSONValue] = [
                    "index": .integer(Int64(card.index)), "name": .string(card.name),
                ]
                members["busy"] = card.busy.map { .number($0) }
                members["memory"] = card.memory?.json
                return .object(members)
            })
        return .object(members)
    }
}

extension MachineSample {
    /// What is not known is absent.
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["time": .string(time.description)]
        for (name, share) in [
            ("cpu", cpu), ("memory", memory), ("storage", storage), ("gpu", gpu), ("gpuMemory", gpuMemory),
        ] {
            members[name] = share?.json
        }
        for (name, value) in [("load", load), ("received", received), ("sent", sent)] {
            members[name] = value.map { .number($0) }
        }
        return .object(members)
    }
}

extension Share {
    fileprivate var json: JSONValue { ["used": .number(used), "total": .number(total)] }
}
