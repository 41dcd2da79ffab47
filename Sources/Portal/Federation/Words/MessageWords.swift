import Resources

/// What messages between sites hold, in words, and what crossed, in sentences: the ledger for those who do not know the
/// protocols.
enum MessageWords {
    /// By type of message.
    private static let contents: [String: Words] = [
        "align.points": Words("ids as blinded points of a curve", "以曲线上盲化点表示的标识"),
        "align.tags": Words("tags of blinded ids", "盲化标识的标签"),
        "boost.rows": digest,
        "boost.tree": Words("the public key, and which rows a tree learns from", "公钥，以及一棵树所用的行"),
        "boost.gradients": Words("encrypted gradients, one pair for each row", "加密的梯度，每行一对"),
        "boost.nodes": Words("the node of each row", "每行所在的节点"),
        "boost.winners": Words("which candidate splits won", "胜出的候选分裂"),
        "boost.end": Words("the number of trees that are kept", "保留的树的数量"),
        "boost.candidates": Words("numbers of candidate splits, in secret order", "候选分裂的编号，次序保密"),
        "boost.sums": Words("sums of encrypted gradients", "加密梯度之和"),
        "boost.counts": Words("numbers of rows of candidate splits", "候选分裂的行数"),
        "boost.directions": Words("the side of each row at a split", "每行在分裂处的去向"),
        "boost.part": Words("a digest of the host's part of the model", "数据方模型部分的摘要"),
        "join.part": Words("the host's part of the model: names of columns, and splits", "数据方的模型部分：列名与分裂"),
        "logistic.rows": digest,
        "logistic.key": key,
        "logistic.residuals": Words("encrypted residuals, one for each row", "加密的残差，每行一个"),
        "logistic.gradient": Words("gradients, opened and still masked", "已解密但仍被掩盖的梯度"),
        "logistic.scores": Words("the host's part of the score of each row", "数据方对每行评分的部分"),
        "logistic.masked": Words("encrypted gradients, masked and packed", "加密、掩盖并打包的梯度"),
        "logistic.end": Words("a digest of the host's coefficients", "数据方系数的摘要"),
        "logistic.points": Words("the host's points of each row", "数据方对每行的分数"),
        "predict.rows": digest,
        "predict.questions": Words("the node that each row asks for, in each tree", "每行在每棵树中询问的节点"),
        "predict.answers": Words("the side of each row at the node that was asked for", "每行在所询问节点处的去向"),
        "predict.bits": Words("the side of each row at each node of the host", "每行在数据方每个节点处的去向"),
        "woe.rows": digest,
        "woe.key": key,
        "woe.labels": Words("encrypted labels, one for each row", "加密的标签，每行一个"),
        "woe.bins": Words("numbers of rows in fine bins", "细分箱的行数"),
        "woe.sums": Words("encrypted numbers of bads in fine bins", "细分箱中加密的坏样本数"),
        "woe.groups": Words("bins, and the numbers of bads in each", "分箱及各箱的坏样本数"),
        "woe.part": Words("a digest of the host's weights of evidence", "数据方 WOE 的摘要"),
        "verify.ready": test, "verify.ping": test, "verify.pong": test, "verify.block": test, "verify.taken": test,
        "verify.large": test,
    ]

    private static let digest = Words("a digest of the ids in their order", "按次序排列的标识的摘要")
    private static let key = Words("the public key of the encryption", "加密方案的公钥")
    private static let test = Words("test bytes that are of no data", "与数据无关的测试字节")

    /// - Returns: nil for a type that this program's operators do not have.
    static func content(_ type: String) -> Words? { contents[type] }

    /// The content and the type; the type alone where nothing is known of it.
    static func kind(_ type: String) -> HTML {
        guard let content = content(type) else { return plain(type) }
        return HTML(content) + plain(" (\(type))")
    }

    /// `To partner went 3 messages of sums of encrypted gradients (boost.sums, task train): 1.2 MiB, …`
    ///
    /// - Parameters:
    ///   - flow: as the API's summary of the ledger tells it.
    ///   - peer: its name.
    static func sentence(_ flow: JSONValue, peer: String) -> Words {
        func number(_ member: String) -> Int64 { flow[member]?.integer ?? 0 }
        let type = flow["messageType"]?.string ?? ""
        let task = flow["task"]?.string ?? ""
        let known = content(type)
        let (frames, size) = (number("frames"), bytesText(number("bytes")))
        let messages = frames == 1 ? "1 message" : "\(numberText(frames)) messages"
        let isSent = flow["direction"]?.string == "sent"
        let way = isSent ? "To \(peer) went" : "From \(peer) came"
        var english = "\(way) \(messages)" + (known.map { " of \($0.english)" } ?? "")
        english += " (\(type), task \(task)): \(size), at most \(bits(number("bits"))) of information"
        var chinese = isSent ? "向 \(peer) 发出" : "自 \(peer) 收到"
        chinese += " \(numberText(frames)) 条消息" + (known.map { "：\($0.chinese)" } ?? "")
        chinese += "（\(type)，步骤 \(task)），\(size)，信息量至多 \(bits(number("bits"), "比特"))"
        let (resent, replaced) = (number("resent"), number("replaced"))
        if resent > 0 {
            english += "; \(numberText(resent)) sent again"
            chinese += "；重发 \(numberText(resent)) 条"
        }
        if replaced > 0 {
            let more = number("replacedBits")
            english += "; \(numberText(replaced)) repeated with other content, at most \(bits(more)) more"
            chinese += "；\(numberText(replaced)) 条以不同内容重复，至多再多 \(bits(more, "比特"))"
        }
        return Words(english + ".", chinese + "。")
    }

    /// Exact below a million, else as `2.4e9`.
    static func bits(_ number: Int64, _ unit: String? = nil) -> String {
        let unit = unit ?? (number == 1 ? "bit" : "bits")
        if number < 1_000_000 { return "\(numberText(number)) \(unit)" }
        var (value, exponent) = (Double(number), 0)
        while value >= 9.95 {
            value /= 10
            exponent += 1
        }
        return "\(decimalText(value, 1))e\(exponent) \(unit)"
    }
}
