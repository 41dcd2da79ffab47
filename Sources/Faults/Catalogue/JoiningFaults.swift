/// 30xx, first part: a site's identity, peers, invitations.
public enum JoiningFaults {
    static let all: [FaultEntry] = []
}
