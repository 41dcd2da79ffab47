/// What a page says once about what was done just before; kept for that one page in a cookie.
enum Said: String, Sendable {
    case loggedOut, welcome, saved, created, deleted, sent, approved, refused, revoked, cancelled, done

    static let cookie = "atoll-said"

    var words: Words {
        switch self {
        case .loggedOut: Words("You are logged out.", "您已退出登录。")
        case .welcome: Words("Welcome. You are the first administrator.", "欢迎。您是第一位管理员。")
        case .saved: Words("Saved.", "已保存。")
        case .created: Words("Created.", "已创建。")
        case .deleted: Words("Deleted.", "已删除。")
        case .sent: Words("Sent.", "已发送。")
        case .approved: Words("Approved.", "已批准。")
        case .refused: Words("Refused.", "已拒绝。")
        case .revoked: Words("Revoked.", "已撤销。")
        case .cancelled: Words("Cancelled.", "已取消。")
        case .done: Words("Done.", "已完成。")
        }
    }

    var cookieField: String { "\(Self.cookie)=\(rawValue); Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Strict" }
    static let endedField = "\(cookie)=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"
}
