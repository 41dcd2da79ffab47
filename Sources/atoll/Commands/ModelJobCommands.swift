import ArgumentParser
import Faults
import Jobs
import Models
import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `atoll model export`.
struct ModelExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a version to a file: as it is kept, as text, or for XGBoost.",
        usage: "atoll model export NAME[:VERSION] --output FILE [--form FORM] [--join] [<options>]",
        discussion: """
            A site can always write its own part (native, dump). The form xgboost needs the whole model. With --join the \
            guest asks the hosts for their parts first, by a job `model.join`: each host agrees by a grant of the dataset \
            it trained with, with algorithm model.join and reveals model. What was told once stays.

            EXAMPLES:
              atoll model export merchants --form dump --output merchants.txt --tenant risk --project cards
              atoll model export merchants:3 --form xgboost --join --output m.json --tenant risk --project cards
            """
    )

    @OptionGroup var model: ModelOptions

    @Option(name: .long, help: ArgumentHelp("native, dump or xgboost.", valueName: "form"))
    var form = ModelExport.native.rawValue

    @Flag(name: .long, help: "Ask every host for its part first, where the model is not whole here.")
    var join = false

    @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String

    func run() async throws {
        guard ModelExport(rawValue: form) != nil else {
            throw Fault(
                ModelFaults.form, at: "--form", wanted: ModelExport.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let path = try model.path("export", [("form", form)])
        let facts = try model.path("facts")
        let bytes = try await model.connection.connect { client in
            if join {
                let version = try await client.get(facts)
                if version["content"]?["whole"]?.bool != true {
                    try await ModelJobs(client, model).run(
                        try ModelJob.join(version["version"]?["spec"] ?? [:]), "join")
                }
            }
            var bytes: [UInt8] = []
            try await client.download(path) { bytes += Array($0) }
            return bytes
        }
        do {
            try Data(bytes).write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw Fault(
                ProgramFaults.unexpected, "The model cannot be written.", at: output,
                fix: "Name a file that can be written, with room for it.")
        }
        try Console.write("model \(TerminalText.line(model.model)) written to \(TerminalText.line(output))")
    }
}

/// `atoll model predict`.
struct ModelPredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Score rows by a version, with its hosts; at the guest's site.",
        usage: "atoll model predict NAME[:VERSION] [--dataset DATASET --host-dataset DATASET ...] [<options>]",
        discussion: """
            Datasets are aligned ones, such as `loans@align-1/match`; without any it scores the rows of the training. The \
            scores are a new dataset at this site. Every host must have granted its dataset for predict.

            EXAMPLES:
              atoll model predict merchants:champion --tenant risk --project cards
              atoll model predict m --dataset loans@a/match --host-dataset takings@a/match --project cards
            """
    )

    @OptionGroup var model: ModelOptions

    @Option(name: .long, help: ArgumentHelp("The guest's aligned dataset.", valueName: "dataset"))
    var dataset: String?

    @Option(
        name: .customLong("host-dataset"),
        help: ArgumentHelp("A host's aligned dataset; once for every host, in order.", valueName: "dataset"))
    var hostDatasets: [String] = []

    @Option(name: .long, help: ArgumentHelp("Which rows: all, learnt or test.", valueName: "part"))
    var part = "all"

    @Option(name: .long, help: ArgumentHelp("How hosts are asked: path or bits.", valueName: "method"))
    var method = "path"

    @Option(name: .long, help: ArgumentHelp("A column that is written beside the scores.", valueName: "column"))
    var label: String?

    func run() async throws {
        guard (dataset == nil) == hostDatasets.isEmpty else {
            throw Fault(
                ProgramFaults.usage, "Name the datasets of all parties, or none.",
                wanted: "--dataset and one --host-dataset for every host")
        }
        var scoring = ModelJob.Scoring()
        (scoring.guestDataset, scoring.hostDatasets, scoring.label) = (dataset, hostDatasets, label)
        (scoring.part, scoring.method) = (part, method)
        let facts = try model.path("facts")
        try await model.connection.connect { [scoring] client in
            let version = try await client.get(facts)["version"]?["spec"] ?? [:]
            let job = try await ModelJobs(client, model).run(try ModelJob.predict(version, scoring), "score")
            guard let id = job["status"]?["job"]?.string else {
                throw Fault(ProgramFaults.strangeAnswer, at: "status.job")
            }
            let datasets = try await ResourceLister(client).list("datasets", selector: nil, scope: model.scope).items
            for dataset in datasets where dataset["spec"]?["lineage"]?["job"]?.string == id {
                let name = dataset["metadata"]?["name"]?.string ?? ""
                try Console.write("the scores are dataset \(TerminalText.line(name)) here")
            }
        }
    }
}

/// Submits a job that was made of a model, and follows it.
private struct ModelJobs {
    let client: APIClient
    let model: ModelOptions

    init(_ client: APIClient, _ model: ModelOptions) {
        self.client = client
        self.model = model
    }

    /// - Returns: the job when it has succeeded.
    @discardableResult
    func run(_ spec: JSONValue, _ what: String) async throws -> JSONValue {
        let name = "\(what)-\(try model.reference().name.prefix(40))-\(ULID.make().suffix(8).lowercased())"
        let document: JSONValue = [
            "apiVersion": .string(Resource.apiVersion), "kind": "Job", "metadata": ["name": .string(name)],
            "spec": spec,
        ]
        let path = APIPath(["jobs", "submit"], query: model.scope.query)
        let job = try await client.post(path, .json(document))
        Console.note("Job \(name) was submitted.")
        let final = try await JobFollowing(client, job, isLive: false).toEnd()
        let text = JobText(final)
        Console.note(text.line)
        guard text.state == "Succeeded" else { throw ExitCode(ExitStatus.checksFailed.rawValue) }
        return final
    }
}
