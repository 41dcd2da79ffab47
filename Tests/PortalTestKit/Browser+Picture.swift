public import Foundation
import Resources

extension Browser {
    /// Where pictures of a run are kept: `ATOLL_TEST_PICTURES`, or `.build/artifacts` of this checkout.
    public static let pictures =
        ProcessInfo.processInfo.environment["ATOLL_TEST_PICTURES"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/artifacts")

    /// Keeps a picture of the whole page as `name-1200-en-US-light.png`, in the place of an earlier run's.
    public func keepPicture(_ name: String) async throws {
        let file = Self.pictures.appending(path: "\(name)-\(look.name).png")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try await picture().write(to: file)
    }

    /// The whole page as PNG, at most 16,000 pixels high.
    public func picture() async throws -> Data {
        let size = try await command("Page.getLayoutMetrics")["cssContentSize"] ?? .null
        let (width, height) = (size["width"]?.number ?? 0, min(size["height"]?.number ?? 0, 16_000))
        let answer = try await command(
            "Page.captureScreenshot",
            [
                "format": "png", "captureBeyondViewport": true,
                "clip": ["x": 0, "y": 0, "width": .number(width), "height": .number(height), "scale": 1],
            ])
        guard let data = (answer["data"]?.string).flatMap({ Data(base64Encoded: $0) }) else {
            throw BrowserFailure("no picture")
        }
        return data
    }
}
