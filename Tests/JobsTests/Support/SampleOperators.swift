import Faults
import Jobs
import Ledger
import Resources
import TaskRuntime

/// Operators made for tests: a parameter of every form, two roles, messages both ways.
enum SampleOperators {
    /// Sends `ping` from the guest to every host in steps 1 to `rounds`, and `pong` back.
    struct Echo: Operator {
        var version: UInt32 = 3

        var description: OperatorDescription {
            OperatorDescription(
                name: "echo", version: version, summary: "Sends something there and back.",
                roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...3)],
                parameters: [
                    OperatorParameter("rounds", .integer(1...9), "How often."),
                    OperatorParameter("share", .number(0...1), default: .number(0.5), "What part."),
                    OperatorParameter("loud", .boolean, default: .boolean(false), "Whether it is heard."),
                    OperatorParameter("word", .choice(["short", "long"]), default: .text("short"), "Which."),
                    OperatorParameter("title", .text(0...8), default: .text(""), "A title."),
                ],
                leakage: [
                    LeakageStatement(role: "guest", learns: "How fast the hosts answer."),
                    LeakageStatement(role: "host", learns: "How often the guest asks."),
                ],
                messages: { setting in
                    let rounds = UInt32(setting.integer("rounds"))
                    let hosts = setting.parties.indices.filter { setting.parties[$0].role == "host" }
                    let guest = setting.parties.firstIndex { $0.role == "guest" }!
                    return hosts.flatMap { host in
                        [(guest, host, "ping", 100), (host, guest, "pong", 40)].map { from, to, type, size in
                            MessageRow(
                                type: type, from: from, to: to, steps: 1...rounds, count: UInt64(rounds),
                                schema: "\(type): bytes", elementBits: 8, maximumBytes: size,
                                expectedBytes: UInt64(rounds) * UInt64(size))
                        }
                    }
                },
                cost: { setting, party, rates in
                    let rounds = Double(setting.integer("rounds"))
                    let isGuest = setting.parties[party].role == "guest"
                    return TaskCost(
                        seconds: rounds * rates.roundTrip, bytesOut: UInt64(rounds) * (isGuest ? 100 : 40),
                        memory: isGuest ? 64 << 20 : 32 << 20)
                },
                reads: { setting in
                    guard case .text(let title) = setting.parameters["title"], !title.isEmpty else { return [] }
                    return setting.parties.indices.filter { setting.parties[$0].role == "host" }
                        .map { DatasetUse(party: $0, dataset: title) }
                },
                isReusable: true,
                check: { setting throws(Fault) in
                    if setting.integer("rounds") == 9, setting.parameters["loud"] == .boolean(true) {
                        throw Fault(
                            JobFaults.wrongParameter, "Nine loud rounds are too many.", at: "parameters.rounds",
                            wanted: "at most 8")
                    }
                }
            )
        }

        func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
            throw Fault(JobFaults.unknownOperator)
        }
    }

    /// Of members only, with nothing to say.
    struct Rest: Operator {
        var messages: [MessageRow] = []

        var description: OperatorDescription {
            OperatorDescription(
                name: "rest", version: 1, summary: "Does nothing.",
                roles: [OperatorRole("guest", 0...1), OperatorRole("host", 0...9), OperatorRole("member", 0...9)],
                parameters: [], leakage: [], messages: { [messages] _ in messages },
                cost: { _, _, _ in TaskCost(seconds: 0, bytesOut: 0, memory: 1 << 20) })
        }

        func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
            throw Fault(JobFaults.unknownOperator)
        }
    }

    static let catalogue = OperatorCatalogue([Echo(), Rest()])

    static let own = site(1)
    static let sites = ["alpha": site(2), "beta": site(3), "gamma": site(4)]

    static func site(_ number: UInt8) -> SiteID {
        SiteID(digest: [UInt8](repeating: number, count: 32))
    }

    static let job = "01JZZZZZZZZZZZZZZZZZZZZZZZ"

    static func compile(
        _ spec: JSONValue, catalogue: OperatorCatalogue = catalogue, job: String = job,
        seed: [UInt8] = [UInt8](repeating: 7, count: 32), peers: [String: SiteID] = sites
    ) throws(Fault) -> JobPlan {
        let resource = Resource(
            ResourceID(kind: "Job", scope: Scope(tenant: "risk", project: "small"), name: "sample"), spec: spec)
        return try PlanCompiler(catalogue).compile(resource, id: job, site: own, seed: seed, peers: peers)
    }

    /// A job of two tasks, the guest here.
    static let spec: JSONValue = [
        "role": "guest",
        "peers": [["peer": "alpha", "role": "host"], ["peer": "beta", "role": "host"]],
        "tasks": [
            ["name": "first", "operator": "echo", "parameters": ["rounds": 2, "share": 1]],
            ["name": "second", "operator": "rest", "after": ["first"], "parameters": [:]],
        ],
        "limits": ["memory": 512, "cores": 2, "seconds": 600],
        "seed": .string(String(repeating: "0a", count: 32)),
    ]
}
