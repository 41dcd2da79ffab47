import Faults
import Metrics

/// What happens to links, counted. Labels have few values: faults are labelled by number.
enum LinkMeters {
    /// Connections that ended before a link or a joining was there.
    static func refused(_ fault: Fault) {
        Counter(label: "link.refused", dimensions: [("fault", fault.number.description)]).increment()
    }

    /// Links that ended because of a message that is none.
    static func malformed() {
        Counter(label: "link.malformed").increment()
    }

    /// Connections from addresses outside the allow-list, closed before TLS.
    static func notAllowed() {
        Counter(label: "link.not_allowed").increment()
    }

    /// Connections that the system could not give to this process: no descriptors or memory left.
    static func notAccepted() {
        Counter(label: "link.not_accepted").increment()
    }

    /// More connections than the listener has room for.
    static func crowded() {
        Counter(label: "link.crowded").increment()
    }

    static func opened(isDialled: Bool) {
        Counter(label: "link.opened", dimensions: [("way", isDialled ? "dialled" : "accepted")]).increment()
    }

    static func closed(isDialled: Bool) {
        Counter(label: "link.closed", dimensions: [("way", isDialled ? "dialled" : "accepted")]).increment()
    }
}
