/// Numbers as people read them: the same on every machine, whatever its language is.
public enum Figures {
    /// What stands for a number that is none.
    public static let none = "–"

    /// - Parameter decimals: in 0...9.
    public static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return none }
        let decimals = max(0, min(9, decimals))
        let power = (0..<decimals).reduce(UInt64(1)) { power, _ in power * 10 }
        let scaled = (value.magnitude * Double(power)).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let whole = UInt64(scaled)
        var text = grouped(whole / power)
        if power > 1 {
            let digits = String(whole % power)
            text += "." + String(repeating: "0", count: decimals - digits.count) + digits
        }
        return value < 0 && whole > 0 ? "−" + text : text
    }

    /// With a sign, also of what is above zero.
    public static func signed(_ value: Double, _ decimals: Int) -> String {
        let text = fixed(value, decimals)
        return value > 0 && text.contains { $0.isNumber && $0 != "0" } ? "+" + text : text
    }

    /// Four digits that matter, without zeros at the end.
    public static func short(_ value: Double) -> String {
        guard value.isFinite else { return none }
        let magnitude = value.magnitude
        if magnitude == 0 { return "0" }
        if magnitude >= 1e15 || magnitude < 1e-6 { return value < 0 ? "−\(magnitude)" : "\(magnitude)" }
        var decimals = 3
        var limit = 10.0
        while decimals > 0, magnitude >= limit { (decimals, limit) = (decimals - 1, limit * 10) }
        limit = 1
        while decimals < 9, magnitude < limit { (decimals, limit) = (decimals + 1, limit / 10) }
        let text = fixed(value, decimals)
        guard text.contains(".") else { return text }
        var trimmed = text[...]
        while trimmed.last == "0" { trimmed.removeLast() }
        if trimmed.last == "." { trimmed.removeLast() }
        return String(trimmed)
    }

    public static func percent(_ share: Double, _ decimals: Int = 1) -> String {
        share.isFinite ? fixed(share * 100, decimals) + "%" : none
    }

    /// Decimal units: 1 kB is 1000 bytes.
    public static func bytes(_ count: Double) -> String {
        guard count.isFinite else { return none }
        var value = count
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if value.magnitude < 999.5 || unit == "TB" {
                return fixed(value, unit == "B" || value.magnitude >= 99.95 ? 0 : 1) + " " + unit
            }
            value /= 1000
        }
        return none
    }

    public static func seconds(_ seconds: Double) -> String {
        guard seconds.isFinite else { return none }
        if seconds.magnitude < 0.9995 { return fixed(seconds * 1000, 0) + " ms" }
        if seconds.magnitude < 59.95 { return fixed(seconds, 1) + " s" }
        let whole = seconds.magnitude.rounded()
        guard whole < 1e12 else { return "\(seconds) s" }
        let sign = seconds < 0 ? "−" : ""
        let count = UInt64(whole)
        if count < 3600 { return "\(sign)\(count / 60) min \(count % 60) s" }
        return "\(sign)\(grouped(count / 3600)) h \(count % 3600 / 60) min"
    }

    /// As `seconds`, with the units in Chinese too.
    public static func duration(_ seconds: Double) -> Phrase {
        let text = self.seconds(seconds)
        let units = ["ms": "毫秒", "s": "秒", "min": "分", "h": "小时"]
        let words = text.split(separator: " ").map { units[String($0)] ?? String($0) }
        return Phrase(text, chinese: words.count > 1 ? words.joined(separator: " ") : nil)
    }

    public static func count(_ value: Int) -> String {
        (value < 0 ? "−" : "") + grouped(UInt64(value.magnitude))
    }

    private static func grouped(_ value: UInt64) -> String {
        let digits = String(value)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }
}
