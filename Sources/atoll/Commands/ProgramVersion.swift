/// The version of this program; server and client of one build say the same.
enum ProgramVersion {
    static let text = "0.1.0"
}
