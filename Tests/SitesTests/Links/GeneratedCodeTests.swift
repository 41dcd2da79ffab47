import Crypto
import Foundation
import Testing

/// Generated code is of the source that lies beside it.
@Suite struct GeneratedCodeTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func generatedFilesNameTheDigestOfTheirSource() throws {
        let folder = Self.root.appending(path: "Sources/Sites/Generated")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count == 2)
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            let first = try #require(text.split(separator: "\n").first)
            let parts = try #require(
                first.wholeMatch(of: /\/\/ Generated from (Protos\/[a-z]+\.proto), SHA-256 ([0-9a-f]{64})/))
            let source = try Data(contentsOf: Self.root.appending(path: String(parts.1)))
            let digest = SHA256.hash(data: source).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                .joined()
            #expect(
                digest == String(parts.2), "run `make proto`: \(parts.1) has changed since \(file.lastPathComponent)")
        }
    }
}
