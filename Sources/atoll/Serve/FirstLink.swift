import People
import Sites

/// Tells the one-time link that makes the first administrator, on standard output and nowhere else: it is no line of the
/// log.
enum FirstLink {
    static let path = "/first-administrator"

    /// Tells nothing where there are users, or no way for them to come in.
    static func tell(_ logins: Logins, plane: PlaneSettings?) async throws {
        guard let plane, let secret = try await logins.makeFirstSecret() else { return }
        let scheme = plane.description.security == .none ? "http" : "https"
        try Console.write(
            """
            There are no users yet. This link makes the first administrator, once, within a day:
              \(text("\(scheme)://\(plane.address)", secret.text))
            Open it in a browser, or use it with: atoll login LINK --user NAME
            """)
    }

    /// The secret stands behind the `#`, which no browser sends and no server logs.
    static func text(_ server: String, _ secret: String) -> String {
        "\(server)\(path)#\(secret)"
    }
}
