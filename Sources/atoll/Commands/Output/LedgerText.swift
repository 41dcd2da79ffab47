import Resources

/// The ledger in sentences for a reviewer.
enum LedgerText {
    /// One chain as the API tells it.
    ///
    /// - Parameter peer: its name.
    static func chain(_ chain: JSONValue, peer: String) -> String {
        let peer = TerminalText.line(peer)
        var lines = ["Job \(TerminalText.line(chain["job"]?.string ?? "")), peer \(peer)"]
        let flows = chain["flows"]?.array ?? []
        for flow in flows { lines.append("  " + self.flow(flow, peer: peer)) }
        if flows.isEmpty { lines.append("  No frame has crossed.") }
        let refusals = number(chain, "refusals")
        if refusals > 0 {
            lines.append("  Refused: \(count(refusals, "frame")); `atoll ledger export` tells which and why.")
        }
        lines.append("  " + signed(chain))
        return lines.joined(separator: "\n")
    }

    /// `To partner: 1,204 frames of type bins.histogram (task train), 3.1 GB, at most 2.4e9 bits of information; 3 resent`.
    static func flow(_ flow: JSONValue, peer: String) -> String {
        let way = flow["direction"]?.string == "sent" ? "To" : "From"
        let type = TerminalText.line(flow["messageType"]?.string ?? "")
        let task = TerminalText.line(flow["task"]?.string ?? "")
        var text = "\(way) \(peer): \(count(number(flow, "frames"), "frame")) of type \(type) (task \(task)), "
        text += "\(bytes(number(flow, "bytes"))), at most \(bits(number(flow, "bits"))) of information"
        let (resent, replaced) = (number(flow, "resent"), number(flow, "replaced"))
        if resent > 0 { text += "; \(grouped(resent)) resent" }
        if replaced > 0 {
            text += "; \(grouped(replaced)) repeated with other content, at most "
            text += "\(bits(number(flow, "replacedBits"))) more"
        }
        return text
    }

    private static func signed(_ chain: JSONValue) -> String {
        let (signed, lines) = (number(chain, "signedLines"), number(chain, "lines"))
        if chain["closed"]?.bool == true { return "Closed: both sites have signed the receipt over everything." }
        if signed == 0 { return "Nothing is co-signed yet (\(count(lines, "line")))." }
        let when = chain["signedAt"]?.string.map { " at \(TerminalText.line($0))" } ?? ""
        let rest = chain["waiting"]?.bool == true ? "; newer lines wait" : ""
        return "Co-signed: \(grouped(signed)) of \(count(lines, "line"))\(when)\(rest)."
    }

    static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    static func count(_ number: Int64, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Decimal units, two digits at least.
    static func bytes(_ number: Int64) -> String {
        var value = Double(number)
        for unit in ["bytes", "kB", "MB", "GB", "TB"] {
            if value < 1000 || unit == "TB" {
                return unit == "bytes" ? "\(number) bytes" : "\(tenths(value)) \(unit)"
            }
            value /= 1000
        }
        return "\(number) bytes"
    }

    /// Exact below a million, else as `2.4e9`.
    static func bits(_ number: Int64) -> String {
        if number < 1_000_000 { return count(number, "bit") }
        var (value, exponent) = (Double(number), 0)
        while value >= 9.95 {
            value /= 10
            exponent += 1
        }
        return "\(tenths(value))e\(exponent) bits"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return tenths >= 1000 ? grouped(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }

    private static func number(_ value: JSONValue, _ name: String) -> Int64 { value[name]?.integer ?? 0 }
}
