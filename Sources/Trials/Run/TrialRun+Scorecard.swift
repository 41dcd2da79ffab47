import Faults
import Modeling
import Resources

/// The columns of all sites by their risk, those that are selected, and a scorecard of them between the sites.
extension TrialRun {
    /// The document of the job that divides columns.
    func weighing(_ parameters: [String: JSONValue], _ learning: TrialSpec.Learning) -> JSONValue {
        let all = parameters.merging(shared) { own, _ in own }.merging(labelled(learning)) { $1 }
        return job([["name": "weigh", "operator": "woe", "parameters": .object(limited(all))]], learning)
    }

    /// The document of the regression.
    func fitting(_ parameters: [String: JSONValue], _ learning: TrialSpec.Learning) -> JSONValue {
        var all = parameters.merging(shared) { own, _ in own }.merging(labelled(learning)) { $1 }
        all["woe"] = .string("\(findings.weighedJob ?? "")/weigh")
        if let chosen = findings.chosenJob { all["selection"] = .string("\(chosen)/choose") }
        return job([["name": "fit", "operator": "train.logistic", "parameters": .object(limited(all))]], learning)
    }

    private func labelled(_ learning: TrialSpec.Learning) -> [String: JSONValue] {
        ["label": .string(spec.sites[0].data?.label ?? ""), "test": .integer(learning.testTenths)]
    }

    /// Divides the columns between the sites, and asks each site for what it has of them; selects and fits, where the trial
    /// does.
    func weigh(_ parameters: [String: JSONValue], _ learning: TrialSpec.Learning) async throws {
        let document = weighing(parameters, learning)
        findings.weighing = try await plan("weigh", document)
        let (ended, _) = try await run("weigh", document, in: .train)
        findings.weighed = try await figures(of: ended, named: "weigh")
        findings.weighedJob = ended["status"]?["job"]?.string
        findings.bins = try await listed("bins", of: ended, named: "weigh")
        if let parameters = learning.selection { try await choose(parameters, learning) }
        if let parameters = learning.regression { try await fit(parameters, learning) }
    }

    private func choose(_ parameters: [String: JSONValue], _ learning: TrialSpec.Learning) async throws {
        var all = parameters.merging(shared) { own, _ in own }
        all["test"] = .integer(learning.testTenths)
        all["woe"] = .string("\(findings.weighedJob ?? "")/weigh")
        let document = job([["name": "choose", "operator": "select", "parameters": .object(all)]], learning)
        let (ended, _) = try await run("choose", document, in: .train)
        findings.chosenJob = ended["status"]?["job"]?.string
        findings.decisions = try await listed("selection", of: ended, named: "choose")
    }

    private func fit(_ parameters: [String: JSONValue], _ learning: TrialSpec.Learning) async throws {
        let document = fitting(parameters, learning)
        findings.fitPlan = try await plan("fit", document)
        let (ended, seconds) = try await run("fit", document, in: .train)
        findings.fit = ended
        findings.fitted = try await figures(of: ended, named: "fit")
        report.learned["scorecard.seconds"] = seconds
        let id = ended["status"]?["job"]?.string ?? ""
        var cards: [JSONValue] = []
        for index in spec.sites.indices {
            let (name, query) = try await place(of: id, "fit", at: index)
            do {
                cards.append(try await door(index).get(["jobs", name, "scorecard"], query + [("form", "json")]))
            } catch let fault as Fault where fault.is(ModelingFaults.scorecard) {
                // A guest of whose columns none is used has an intercept alone.
                cards.append(.null)
            }
        }
        findings.cards = cards
    }

    /// Scores the rows that were not learnt from, in points with two digits.
    func scorePoints(_ learning: TrialSpec.Learning) async throws {
        guard learning.regression != nil else { return }
        var parameters = shared.merging(labelled(learning)) { $1 }
        for name in ["guestColumns", "hostColumns"] { parameters[name] = nil }
        parameters["model"] = .string("\(findings.fit?["status"]?["job"]?.string ?? "")/fit")
        parameters["part"] = "test"
        parameters["decimals"] = 2
        let task: JSONValue = ["name": "points", "operator": "predict.logistic", "parameters": .object(parameters)]
        findings.points = try await run("points", job([task], learning), in: .evaluate).job
    }

    /// What every site lists of a job that has ended.
    private func listed(_ what: String, of ended: JSONValue, named name: String) async throws -> [JSONValue] {
        let id = ended["status"]?["job"]?.string ?? ""
        var all: [JSONValue] = []
        for index in spec.sites.indices {
            let (name, query) = try await place(of: id, name, at: index)
            all.append(.array(try await door(index).get(["jobs", name, what], query)["items"]?.array ?? []))
        }
        return all
    }
}
