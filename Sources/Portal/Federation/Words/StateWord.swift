/// A state as people read it.
struct StateWord: Sendable {
    let words: Words
    let mood: Mood

    var html: HTML { state(HTML(words), mood) }

    init(_ words: Words, _ mood: Mood) {
        self.words = words
        self.mood = mood
    }

    private static let unknown = StateWord(Words("not seen yet", "尚未检测"), .plain)

    /// Of a peer.
    static func peer(_ state: String?) -> StateWord {
        switch state {
        case "Connected": StateWord(Words("connected", "已连接"), .good)
        case "Disconnected": StateWord(Words("no link", "未连接"), .waiting)
        case "Revoked": StateWord(Words("revoked", "已撤销"), .bad)
        case "OwnSite": StateWord(Words("this very site", "本站点自身"), .bad)
        case "Duplicate": StateWord(Words("another peer has the same site", "与另一对等站点重复"), .bad)
        default: unknown
        }
    }

    /// Of a route.
    static func route(_ state: String?) -> StateWord {
        switch state {
        case "Ready": StateWord(Words("ready", "就绪"), .good)
        case "Degraded": StateWord(Words("works, with a warning", "可用，有警告"), .waiting)
        case "Lost": StateWord(Words("link lost", "连接已断开"), .bad)
        case "Failing": StateWord(Words("a layer fails", "某一层失败"), .bad)
        case "NotConnected": StateWord(Words("not connected", "未连通"), .bad)
        case "Waiting": StateWord(Words("not tried yet", "尚未尝试"), .plain)
        default: unknown
        }
    }

    /// Of a grant.
    static func grant(_ state: String?) -> StateWord {
        switch state {
        case "Active": StateWord(Words("active", "有效"), .good)
        case "AwaitingApproval": StateWord(Words("waits for approval", "等待审批"), .waiting)
        case "NotYet": StateWord(Words("not yet", "尚未生效"), .waiting)
        case "UsedUp": StateWord(Words("used up", "次数已用完"), .plain)
        case "Expired": StateWord(Words("expired", "已过期"), .plain)
        case "Revoked": StateWord(Words("revoked", "已撤销"), .bad)
        default: unknown
        }
    }

    /// Of an invitation.
    static func invitation(_ state: String?) -> StateWord {
        switch state {
        case "open": StateWord(Words("open", "待使用"), .busy)
        case "used": StateWord(Words("used", "已使用"), .good)
        case "expired": StateWord(Words("expired", "已过期"), .plain)
        case "withdrawn": StateWord(Words("withdrawn", "已收回"), .plain)
        default: unknown
        }
    }

    /// Of a layer of a route.
    static func layer(_ outcome: String?) -> StateWord {
        switch outcome {
        case "pass": StateWord(Words("holds", "通过"), .good)
        case "warn": StateWord(Words("holds, with a warning", "通过，有警告"), .waiting)
        case "fail": StateWord(Words("fails", "失败"), .bad)
        case "unused": StateWord(Words("not used", "未使用"), .plain)
        default: unknown
        }
    }
}
