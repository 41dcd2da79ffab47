import Faults
import Resources

extension Fault {
    /// Reads `application/problem+json` as the server writes it, so that the command line says what the server said.
    /// A number that this program does not know, from a newer server, is kept with the server's own title and fix.
    ///
    /// nil when the value is not a problem of Atoll.
    init?(problem: JSONValue) {
        guard let number = problem["code"]?.string.flatMap({ FaultNumber($0) }) else { return nil }
        let detail = problem["detail"]?.string
        let entry =
            FaultCatalogue.entry(number)
            ?? FaultEntry(
                number.rawValue,
                problem["name"]?.string ?? "unknown",
                status: Int(clamping: problem["status"]?.integer ?? 500),
                problem["title"]?.string ?? detail ?? "The server refused.",
                fix: problem["fix"]?.string ?? "Use the same version of client and server."
            )
        self.init(
            entry,
            detail,
            at: problem["where"]?.string,
            wanted: problem["wanted"]?.string,
            fix: problem["fix"]?.string,
            parts: (problem["errors"]?.array ?? []).compactMap(Fault.init(problem:))
        )
    }
}
