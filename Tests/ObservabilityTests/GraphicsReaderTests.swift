import Foundation
import Resources
import Testing

@testable import Observability

/// What the driver's program says of graphics processors, and what is made of a machine without it.
@Suite struct GraphicsReaderTests {
    /// As `nvidia-smi` writes it: a card, one that is cut in parts and does not say how busy it is, an old one.
    private static let text = """
        0, NVIDIA H200, 37, 1024, 143771
        1, NVIDIA A100-SXM4-80GB, [N/A], 0, 81920
        2, Quadro K600, [Not Supported], [N/A], [N/A]

        """

    /// A folder with a program of this text for `nvidia-smi`.
    private static func folder(_ script: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "graphics-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "#!/bin/sh\n\(script)\n".write(toFile: folder + "/nvidia-smi", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/nvidia-smi")
        return folder
    }

    @Test func cardsAreRead() {
        let cards = GraphicsReader.cards(Self.text)
        #expect(cards.map(\.index) == [0, 1, 2] && cards[1].name == "NVIDIA A100-SXM4-80GB")
        #expect(cards.map(\.busy) == [0.37, nil, nil])
        #expect(cards[0].memory == Share(used: 1024 * 1_048_576, total: 143_771 * 1_048_576))
        #expect(cards[2].memory == nil)
        var sample = MachineSample(time: .now)
        sample.add(cards)
        #expect(sample.gpu == Share(used: 0.37, total: 1), "those that do not say are not taken for idle")
        let memory: Double = (143_771 + 81_920) * 1_048_576
        #expect(sample.gpuMemory?.total == memory)
        #expect(GraphicsReader.cards("NVIDIA-SMI has failed because it couldn't communicate\n").isEmpty)
    }

    @Test func theProgramIsAskedWhereItIs() async throws {
        #expect(GraphicsReader(path: "/nowhere:/bin/none") == nil)
        let folder = try Self.folder("[ \"$2\" = --format=csv,noheader,nounits ] && cat <<'X'\n\(Self.text)X")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let reader = try #require(GraphicsReader(path: "/nowhere:\(folder)"))
        let cards = await reader.read()
        #expect(cards == GraphicsReader.cards(Self.text))
    }

    /// A driver that hangs must not hold up the others' figures, nor leave its program behind.
    @Test func aProgramThatHangsIsEnded() async throws {
        let folder = try Self.folder("sleep 600 &\necho $$ $! > \"$(dirname \"$0\")/ids\"\nwait")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let reader = try #require(GraphicsReader(path: folder))
        let cards = await reader.read(patience: .seconds(5))
        #expect(cards.isEmpty)
        let text = try String(contentsOfFile: folder + "/ids", encoding: .utf8)
        let ids = text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        try #require(ids.count == 2)
        let deadline = ContinuousClock.now + .seconds(10)
        while ids.contains(where: Self.isRunning), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(ids.filter(Self.isRunning) == [], "the program, and what it started")
    }

    /// What has ended stays in the list of processes until somebody has asked how.
    private static func isRunning(_ id: Int32) -> Bool {
        guard kill(id, 0) == 0 else { return false }
        let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        return status?.split(separator: ")").last?.split(separator: " ").first != "Z"
    }
}
