/// How secret digits may be used to read tables.
public enum Profile: Sendable, Hashable, CaseIterable {
    /// Other programs may share this processor's caches: every table entry is read and selected by masks.
    case shared
    /// The machine is ours alone: the entry is read directly, so its address depends on the secret digit.
    case dedicated

    var masked: Int32 { self == .shared ? 1 : 0 }
}
