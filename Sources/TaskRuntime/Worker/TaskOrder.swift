#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Everything that a worker is told at its start, as one JSON document on its standard input: it holds the token, so it
/// is on no command line and in no environment.
public struct TaskOrder: Sendable, Hashable, Codable {
    public struct Party: Sendable, Hashable, Codable {
        public var site: String
        public var role: String

        public init(site: String, role: String) {
            self.site = site
            self.role = role
        }
    }

    /// A dataset that the site has opened.
    public struct Input: Sendable, Hashable, Codable {
        /// As the plan names it.
        public var dataset: String
        /// Of its column file, open for reading; the worker has it from its start.
        public var descriptor: Int32

        public init(dataset: String, descriptor: Int32) {
            self.dataset = dataset
            self.descriptor = descriptor
        }
    }

    /// What an earlier task has left at this site.
    public struct Result: Sendable, Hashable, Codable {
        /// As the plan names it.
        public var reference: String
        /// Of a file that holds the output alone, open for reading.
        public var descriptor: Int32

        public init(reference: String, descriptor: Int32) {
            self.reference = reference
            self.descriptor = descriptor
        }
    }

    /// What this site remembers of the columns of a dataset.
    public struct Columns: Sendable, Hashable, Codable {
        /// Index of the dataset's owner among the parties.
        public var owner: Int
        /// Of a file that holds it alone, open for reading.
        public var descriptor: Int32

        public init(owner: Int, descriptor: Int32) {
            self.owner = owner
            self.descriptor = descriptor
        }
    }

    public static let currentVersion: UInt32 = 4

    public var version: UInt32 = currentVersion
    /// Path of the site's worker socket.
    public var socket: String
    /// 32 bytes in hexadecimal; good once.
    public var token: String
    public var job: String
    public var task: String
    public var epoch: UInt64
    /// `name` and `version` of the operator.
    public var operatorName: String
    public var operatorVersion: UInt32
    public var parameters: [String: ParameterValue]
    public var parties: [Party]
    /// Index of this party.
    public var party: Int
    /// 32 bytes in hexadecimal.
    public var seed: String
    /// The unit whose checkpoint every party goes on from; 0 for the beginning. The gateway gives the checkpoint itself.
    public var unit: UInt64
    /// How many threads the task may keep busy.
    public var threads: Int
    /// A folder of the task's own for what does not fit into memory; removed by the site.
    public var scratch: String
    public var inputs: [Input] = []
    public var results: [Result] = []
    public var columns: [Columns] = []
    /// Of an empty file for the table that the task leaves, open for writing.
    public var output: Int32?

    public init(
        socket: String, token: String, job: String, task: String, epoch: UInt64, operatorName: String,
        operatorVersion: UInt32, parameters: [String: ParameterValue], parties: [Party], party: Int, seed: String,
        unit: UInt64, threads: Int, scratch: String
    ) {
        self.socket = socket
        self.token = token
        self.job = job
        self.task = task
        self.epoch = epoch
        self.operatorName = operatorName
        self.operatorVersion = operatorVersion
        self.parameters = parameters
        self.parties = parties
        self.party = party
        self.seed = seed
        self.unit = unit
        self.threads = threads
        self.scratch = scratch
    }

    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(self))
    }

    public init(decoding bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(TaskOrder.self, from: Data(bytes))
    }
}

extension ParameterValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}
