import Charts
import Resources
import TaskRuntime
import Testing

@testable import Portal

/// What pages of jobs and operators are made of.
@Suite struct TrainingPartsTests {
    private static let hostile = "</td><script>alert(1)</script>\"'&"

    private static func job(_ state: String, decided: [JSONValue] = [], labels: JSONValue = [:]) -> JobView {
        JobView(
            json: [
                "metadata": ["name": "risk", "tenant": "t", "project": "p", "labels": labels],
                "spec": [
                    "role": "guest", "peers": [["peer": "partner", "role": "host"]],
                    "limits": ["memory": 512, "cores": 2],
                    "tasks": [
                        [
                            "name": "train", "operator": "train.boosting",
                            "parameters": [
                                "guestDataset": "loans@m/match", "hostDatasets": "takings@m/match", "guestKey": "id",
                                "hostKeys": "id", "label": "bad", "test": 3, "trees": 9, "keyBits": "2048",
                            ],
                        ], ["name": "score", "operator": "predict", "after": ["train"], "parameters": [:]],
                    ],
                ],
                "status": [
                    "state": .string(state), "owner": .string(hostile), "tasks": .array(decided),
                    "parties": [
                        ["site": "aaaa", "role": "guest", "state": "Running", "tasks": []],
                        [
                            "site": "bbbb", "name": "partner", "role": "host", "state": "Running", "waitsFor": "aaaa",
                            "message": .string(hostile),
                            "tasks": [
                                [
                                    "name": "train", "state": "running", "done": 3, "total": 12,
                                    "problem": .string(hostile),
                                ]
                            ],
                        ],
                    ],
                    "timeline": [
                        ["at": "2026-11-30T08:00:00Z", "site": "aaaa", "state": "Proposed"],
                        ["at": "2026-11-30T08:00:00Z", "site": "bbbb", "state": "Proposed", "waitsFor": "aaaa"],
                        ["at": "2026-11-30T08:00:10Z", "site": "aaaa", "state": "Running", "task": "train"],
                        ["at": "2026-11-30T08:00:30Z", "site": "aaaa", "state": "Failed"],
                    ],
                ],
            ], site: "aaaa")
    }

    @Test func whatPeersSayIsTextWhereverItStands() {
        let job = Self.job("Running")
        let charts = JobCharts(job: job, now: Timestamp("2026-11-30T08:01:00Z")!)
        let html = JobPage.standing(job) + JobPage.pictures(charts) + JobPage.parties(job) + JobPage.tasks(job)
        for language in Language.allCases {
            let text = html.write(language)
            #expect(!text.contains("<script") && text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
            #expect(!text.contains(" style=") && !text.contains("data-zh"))
        }
        #expect(html.write(.english).contains(">this site<") && html.write(.chinese).contains(">本站点<"))
    }

    @Test func theTaskThatAJobFailedWithIsNamed() {
        let failed = Self.job(
            "Failed", decided: [["name": "train", "state": "done"], ["name": "score", "state": "waiting"]])
        #expect(failed.taskState("train") == .done && failed.taskState("score") == .failed)
        let first = Self.job("Failed")
        #expect(first.taskState("train") == .failed && first.taskState("score") == .left)
        let running = Self.job("Running", decided: [["name": "train", "state": "run"]])
        #expect(running.taskState("train") == .running && running.taskState("score") == .waiting)
        let graph = JobCharts(job: running, now: .now).graph
        #expect(graph.nodes.map(\.after) == [[], [0]] && graph.nodes[0].detail?.english == "25%")
    }

    @Test func lanesEndWhereTheJobEnds() throws {
        let chart = try #require(JobCharts(job: Self.job("Failed"), now: Timestamp("2026-11-30T09:00:00Z")!).lanes)
        let own = chart.lanes[0].spans
        #expect(own.map(\.start) == [0, 10] && own.map(\.end) == [10, 30] && own[1].tone == .bad)
        #expect(chart.lanes[1].spans.first?.waitsFor == 0 && chart.lanes[1].spans.first?.end == nil)
    }

    @Test func onlyWhatFitsCanBeDone() {
        func actions(_ state: String) -> [JobAction] { JobAction.allCases.filter { $0.fits(Self.job(state)) } }
        #expect(actions("Running") == [.pause, .cancel] && actions("Failed") == [.retry])
        #expect(actions("Succeeded").isEmpty && actions("AwaitingApproval") == [.cancel, .approve])
    }

    @Test func theOwnColumnsAloneAreLearntFromOnTheSameRows() throws {
        let document = try #require(Baseline.document(of: Self.job("Succeeded")))
        let task = try #require(document[path: "spec", "tasks"]?.array?.first)
        #expect(task["operator"] == "baseline.boosting" && document[path: "spec", "peers"] == [])
        #expect(
            task["parameters"]
                == ["guestDataset": "loans@m/match", "guestKey": "id", "label": "bad", "test": 3, "trees": 9])
        #expect(document[path: "metadata", "labels"] == [JobView.baselineLabel: "risk"])
        #expect(document[path: "spec", "limits"] == ["memory": 512, "cores": 2])
        #expect(Baseline.document(of: JobView(json: ["spec": ["tasks": [["operator": "verify"]]]])) == nil)
    }

    @Test func aWizardsChoiceMakesTheJobsThatItSays() throws {
        func choice(_ more: [(String, String)]) -> TrainingChoice {
            TrainingChoice(
                Form(
                    [
                        ("name", "risk"), ("dataset", "loans"), ("label", "bad"), ("key", "shop, month"),
                        ("peer", "partner"), ("theirs", "takings"), ("match", "m"), ("step", "plan"), ("test", "3"),
                    ] + more))
        }
        let place = Scope(tenant: "t", project: "p")
        let boosting = choice([("trees", "7"), ("baseline", "yes"), ("keyBits", "2048")]).training(in: place)
        let train = try #require(boosting[path: "spec", "tasks"]?.array?.first?["parameters"])
        #expect(train["trees"] == 7 && train["keyBits"] == "2048" && train["guestDataset"] == "loans@m/match")
        #expect(train["guestKey"] == "shop,month" && train["rules"] == "trim nfc fold,trim nfc fold")
        #expect(train["hostKeys"] == "shop,month" && train["depth"] == nil, "the operator's own default")
        let scorecard = choice([("algorithm", "scorecard")])
        let tasks = scorecard.training(in: place)[path: "spec", "tasks"]?.array ?? []
        #expect(tasks.map { $0["operator"]?.string } == ["woe", "select", "train.logistic", "predict.logistic"])
        #expect(tasks.dropFirst().map { $0["after"] } == [["weigh"], ["choose"], ["fit"]])
        #expect(scorecard.baseline(in: place) == nil && choice([("baseline", "yes")]).baseline(in: place) != nil)
        // What lacks is asked for first.
        #expect(TrainingChoice(Form([("step", "plan")])).step == .data)
        #expect(
            TrainingChoice(Form([("step", "plan"), ("dataset", "a"), ("peer", "b"), ("theirs", "c")])).step == .match)
    }

    @Test func parametersTakeWhatTheirOperatorTakes() {
        func parameter(_ form: JSONValue) -> ParameterView { ParameterView(json: form) }
        let whole = parameter(["type": "integer", "least": 1, "most": 10, "default": 5])
        #expect(
            whole.value("10") == 10 && whole.value("11") == nil && whole.value("1.5") == nil && whole.value("") == nil)
        let number = parameter(["type": "number", "least": 0.5, "most": 2])
        #expect(number.value("0.5") == 0.5 && number.value("nan") == nil && number.value("2.1") == nil)
        let text = parameter(["type": "text", "least": 1, "most": 3])
        #expect(
            text.value("abc") == "abc" && text.value("abcd") == nil && text.value("a\nb") == nil
                && text.value("") == nil)
        let word = parameter(["type": "choice", "choices": ["one", "two"]])
        #expect(word.value("two") == "two" && word.value("three") == nil)
        #expect(
            parameter(["type": "boolean"]).value("true") == true && parameter(["type": "boolean"]).value("yes") == nil)
    }

    @Test func aPlanShowsWhatEachPartyLearnsAndEscapesIt() {
        let plan: JSONValue = [
            "parties": [["site": "aaaa", "role": "guest", "total": ["seconds": 3, "bytesOut": 7, "memory": 9]]],
            "tasks": [
                [
                    "name": .string(Self.hostile), "operator": "woe",
                    "learns": [["role": "guest", "learns": .string(Self.hostile), "sites": ["aaaa", "bbbb"]]],
                    "messages": [["type": .string(Self.hostile), "from": "aaaa", "to": "bbbb", "count": 3]],
                ]
            ], "grants": [["dataset": .string(Self.hostile), "owner": "bbbb", "peer": "aaaa"]],
        ]
        let names = SiteNames(
            site: ["id": "aaaa"], peers: [["metadata": ["name": "partner"], "spec": ["site": "bbbb"]]])
        let text = PlanView(plan: plan, names: names).html.write(.english)
        #expect(!text.contains("<script") && text.matches(of: /&lt;script&gt;/).count >= 5)
        #expect(text.contains("this site, partner"))
    }

    /// What operators have is there in both languages, for every one that the program has.
    @Test func theOperatorsOfTheProgramAreKnown() {
        let names = Set(Operators.all.operators.map(\.description.name))
        #expect(Set(OperatorWords.groups.keys) == names && Set(OperatorWords.titles.keys) == names)
    }
}
