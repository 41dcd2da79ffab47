import Foundation

/// The root manifest as SwiftPM reads it.
struct Manifest: Decodable {
    let targets: [Target]

    /// Read once: SwiftPM compiles the manifest for it. A scratch folder of its own keeps the lock of the build that
    /// runs the tests out of it.
    static let root: Result<Manifest, any Error> = Result {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "atoll-manifest-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let json = try Repository.run(
            "swift", "package", "--package-path", Repository.root.path, "--scratch-path", scratch.path, "dump-package")
        return try JSONDecoder().decode(Manifest.self, from: Data(json.utf8))
    }

    struct Target: Decodable {
        let name: String
        /// `regular`, `executable`, `test`, `system`, …
        let type: String
        let path: String?
        let dependencies: [Dependency]
        let settings: [Setting]

        /// The folder of its sources, by SwiftPM's rule when the manifest names none.
        var folder: String { path ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)") }
        var isSwift: Bool { !Repository.files(under: folder, endings: ["swift"]).isEmpty }
    }

    /// A target of this package, by name, or a product of another one.
    struct Dependency: Decodable {
        let name: String
        let isOwn: Bool

        private enum Key: String, CodingKey { case byName, target, product }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            let key = container.contains(.product) ? Key.product : container.contains(.target) ? .target : .byName
            var parts = try container.nestedUnkeyedContainer(forKey: key)
            name = try parts.decode(String.self)
            isOwn = key != .product
        }
    }

    /// One build setting: the tool it is for and its kind, with the kind's value as text where it has one.
    struct Setting: Decodable {
        let tool: String
        let kind: String

        private enum Key: String, CodingKey { case tool, kind }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            tool = try container.decode(String.self, forKey: .tool)
            let kinds = try container.decode([String: [String: Value]].self, forKey: .kind)
            kind = kinds.map { name, value in ([name] + value.values.flatMap(\.texts)).joined(separator: " ") }
                .sorted().joined(separator: ", ")
        }
    }

    /// A setting's value, one text or several, as a list.
    struct Value: Decodable {
        let texts: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            texts = try (try? [container.decode(String.self)]) ?? container.decode([String].self)
        }
    }
}
