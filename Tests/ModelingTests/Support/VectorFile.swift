import Foundation

/// Files of `Tests/Vectors`.
enum VectorFile {
    static func url(_ name: String) -> URL {
        URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors/\(name)")
    }

    static func read<Content: Decodable>(_ name: String) throws -> Content {
        try JSONDecoder().decode(Content.self, from: Data(contentsOf: url(name)))
    }
}
