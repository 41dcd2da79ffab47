import Faults
import Resources
import TaskRuntime

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A model between the sites: their data, which ids are common, the training, and the scores.
extension TrialRun {
    // MARK: Upload

    /// Each site gets its own table, and grants what the trial does with it to every other site.
    func upload(_ learning: TrialSpec.Learning) async throws {
        (findings.rows, findings.features) = ([], [])
        for (index, site) in spec.sites.enumerated() {
            guard let data = site.data else { continue }
            let made = try await dataset(of: data, learning, at: index)
            let rows = made["spec"]?["rows"]?.integer ?? 0
            let all = made["spec"]?["columns"]?.array ?? []
            let columns = all.compactMap { $0["name"]?.string }
            findings.rows.append(Int(rows))
            findings.features.append(
                all.filter { !["text", "category"].contains($0["type"]?.string) }.compactMap { $0["name"]?.string }
                    .filter {
                        !data.ids.contains($0)
                            && (index > 0 || ($0 != data.label && $0 != learning.parameters["weight"]?.string))
                    })
            tell(.progress(.upload, "\(site.name) has \(rows) rows of \(columns.count) columns"))
            for peer in spec.sites where peer.name != site.name {
                var terms: [String: JSONValue] = [
                    "peer": .string(peer.name), "dataset": .string(Self.dataset),
                    "columns": .array(columns.map { .string($0) }), "purpose": .string("trial \(spec.name)"),
                    "algorithms": .array(algorithms(learning).map { .string($0) }), "uses": 64,
                    "notAfter": "2999-01-01T00:00:00Z",
                ]
                // Only a trial whose file asks for the regression says that its sites are of one group.
                if learning.regression != nil { terms["reveals"] = ["partial_scores"] }
                let grant: JSONValue = [
                    "apiVersion": "atoll.dev/v1alpha1", "kind": "Grant",
                    "metadata": ["name": .string("to-\(peer.name)")], "spec": .object(terms),
                ]
                if isResumed, try await found(["grants", "to-\(peer.name)"], query, at: index) != nil { continue }
                _ = try await door(index).post(["grants"], query, grant)
            }
        }
    }

    /// What the trial does with the tables.
    private func algorithms(_ learning: TrialSpec.Learning) -> [String] {
        ["align", "train.boosting", "predict"] + (learning.scorecard == nil ? [] : ["woe"])
            + (learning.selection == nil ? [] : ["select"])
            + (learning.regression == nil ? [] : ["train.logistic", "predict.logistic"])
    }

    /// Makes a site's dataset, unless another driver has.
    private func dataset(
        of data: TrialSpec.SiteData, _ learning: TrialSpec.Learning, at index: Int
    ) async throws -> JSONValue {
        if isResumed, let made = try await found(["datasets", Self.dataset], query, at: index) { return made }
        return try await door(index).upload(
            try file(of: data, learning, at: index), query,
            as: DatasetWish(name: Self.dataset, ids: data.ids, label: index == 0 ? data.label : nil))
    }

    static var dataset: String { "table" }

    /// The path of a site's CSV; what is generated is written in the trial's folder.
    private func file(of data: TrialSpec.SiteData, _ learning: TrialSpec.Learning, at index: Int) throws -> String {
        if let file = data.file { return file.hasPrefix("/") ? file : "\(files)/\(file)" }
        let path = "\(folder.path)/\(spec.sites[index].name).csv"
        // Another driver may have been killed while it wrote.
        if isResumed { unlink(path) }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard let party = data.generated, file >= 0 else { throw Fault(TrialFaults.folder, at: path) }
        defer { close(file) }
        try learning.merchants.write(party) { text throws(Fault) in
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
                guard count > 0 || count < 0 && errno == EINTR else { throw Fault(TrialFaults.folder, at: path) }
                bytes = bytes.dropFirst(max(0, count))
            }
        }
        return path
    }

    // MARK: Align

    /// Finds the ids that all sites have, pair by pair: the guest with each host, and then with the earlier hosts again, so
    /// that all have the same. One seed gives one order.
    func align(_ learning: TrialSpec.Learning) async throws {
        findings.aligned = [:]
        let hosts = Array(1..<spec.sites.count)
        for (step, host) in (hosts + hosts.dropLast().reversed()).enumerated() {
            let name = "align-\(step + 1)"
            tell(.progress(.align, "\(spec.sites[0].name) and \(spec.sites[host].name)"))
            let task: JSONValue = [
                "name": "match", "operator": "align",
                "parameters": [
                    "guestDataset": .string(findings.aligned[0] ?? Self.dataset),
                    "hostDataset": .string(findings.aligned[host] ?? Self.dataset),
                    "guestKey": .string(keys(0)), "hostKey": .string(keys(host)), "rules": .string(rules),
                ],
            ]
            let job = job([task], learning, with: [host])
            let ended = try await run(name, job, in: .align).job
            let reference = "\(Self.dataset)@\(ended["status"]?["job"]?.string ?? "")/match"
            findings.aligned[0] = reference
            findings.aligned[host] = reference
        }
    }

    private func keys(_ index: Int) -> String { (spec.sites[index].data?.ids ?? []).joined(separator: ",") }

    private var rules: String {
        (spec.sites[0].data?.ids ?? []).map { _ in "trim nfc fold" }.joined(separator: ",")
    }

    /// - Parameter hosts: indices of the sites that take part beside the first; all by default.
    func job(_ tasks: JSONValue, _ learning: TrialSpec.Learning, with hosts: [Int]? = nil) -> JSONValue {
        let peers = (hosts ?? Array(1..<spec.sites.count)).map { index -> JSONValue in
            ["peer": .string(spec.sites[index].name), "role": "host"]
        }
        return [
            "role": "guest", "peers": .array(peers), "tasks": tasks, "limits": learning.limits,
            "seed": .string(String(repeating: "5a", count: 32)),
        ]
    }

    // MARK: Train and evaluate

    var shared: [String: JSONValue] {
        let hosts = Array(1..<spec.sites.count)
        var parameters: [String: JSONValue] = [
            "guestDataset": .string(findings.aligned[0] ?? ""),
            "hostDatasets": .string(hosts.map { findings.aligned[$0] ?? "" }.joined(separator: ";")),
            "guestKey": .string(keys(0)), "hostKeys": .string(hosts.map(keys).joined(separator: ";")),
            "rules": .string(rules),
        ]
        // Named where a parameter has room for them: messages have room for these and no more then.
        let columns = findings.features.map { $0.joined(separator: ",") }
        let ofHosts = hosts.map { columns[$0] }.joined(separator: ";")
        if [columns[0], ofHosts].allSatisfy({ $0.count <= 4_096 }) {
            parameters["guestColumns"] = .string(columns[0])
            parameters["hostColumns"] = .string(ofHosts)
        }
        return parameters
    }

    /// The document of the training.
    func training(_ learning: TrialSpec.Learning) -> JSONValue {
        var parameters = learning.parameters
        // Of what the trial says itself only the features may be chosen.
        parameters.merge(shared) { own, _ in own }
        parameters["label"] = .string(spec.sites[0].data?.label ?? "")
        parameters["test"] = .integer(learning.testTenths)
        return job(
            [["name": "train", "operator": "train.boosting", "parameters": .object(limited(parameters))]], learning)
    }

    /// With room for the columns of the host that has most, where columns are not named.
    func limited(_ parameters: [String: JSONValue]) -> [String: JSONValue] {
        guard parameters["hostColumns"] == nil, parameters["hostColumnLimit"] == nil else { return parameters }
        let most = findings.features.dropFirst().map(\.count).max() ?? 1
        return parameters.merging(["hostColumnLimit": .integer(Int64(max(1, most)))]) { $1 }
    }

    func train(_ learning: TrialSpec.Learning) async throws {
        let document = training(learning)
        let predicted = try await predict("train", document)
        findings.plan = try await plan("train", document)
        let (ended, actual) = try await run("train", document, in: .train)
        findings.training = ended
        findings.figures = try await figures(of: ended, named: "train")
        report.learned["train.seconds"] = actual
        if let predicted {
            report.learned["train.predicted"] = predicted
            if actual > 0 { report.learned["perf.predicted_over_actual"] = predicted / actual }
        }
        let lines = try await door(0).get(["jobs", "train", "log"], query)["items"]?.array ?? []
        for line in lines.compactMap({ $0["text"]?.string }) where line.hasPrefix("model ") {
            findings.digest = line.split(separator: " ").dropFirst().first.map(String.init)
        }
        if let parameters = learning.scorecard { try await weigh(parameters, learning) }
    }

    /// Scores the rows that were not learnt from.
    func evaluate(_ learning: TrialSpec.Learning) async throws {
        var parameters = shared
        parameters["model"] = .string("\(findings.training?["status"]?["job"]?.string ?? "")/train")
        parameters["label"] = .string(spec.sites[0].data?.label ?? "")
        parameters["test"] = .integer(learning.testTenths)
        parameters["part"] = "test"
        for name in ["trees", "depth", "hostColumns", "guestColumns"] {
            if let value = learning.parameters[name] { parameters[name] = value }
        }
        let (ended, _) = try await run(
            "score", job([["name": "score", "operator": "predict", "parameters": .object(parameters)]], learning),
            in: .evaluate)
        findings.scoring = ended
        for (index, figures) in try await figures(of: ended, named: "score").enumerated() {
            for (name, value) in figures where name.hasSuffix("bits_per_row") {
                findings.figures[index]["score." + name] = value
            }
        }
        try await scorePoints(learning)
    }
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
