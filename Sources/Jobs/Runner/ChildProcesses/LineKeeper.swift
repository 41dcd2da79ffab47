/// Cuts what a worker writes into lines and keeps the last ones; its memory is bounded whatever is written.
struct LineKeeper: Sendable {
    /// Lines that are kept.
    static let lines = 20
    /// Characters of a line; what follows is dropped.
    static let characters = 500
    /// Bytes of a line that are looked at: no character that matters is longer than eight.
    private static let bytes = characters * 8

    private(set) var last: [String] = []
    private var begun: [UInt8] = []

    /// - Returns: the lines that are complete with these bytes.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [String] {
        var complete: [String] = []
        for byte in bytes {
            if byte == 0x0A {
                complete.append(finishLine())
            } else if begun.count < Self.bytes {
                begun.append(byte)
            }
        }
        return complete
    }

    /// The line that was begun and will have no end; nil when none was.
    mutating func end() -> String? {
        begun.isEmpty ? nil : finishLine()
    }

    private mutating func finishLine() -> String {
        if begun.last == 0x0D { begun.removeLast() }
        let line = String(String(decoding: begun, as: UTF8.self).prefix(Self.characters))
        begun.removeAll(keepingCapacity: true)
        last.append(line)
        if last.count > Self.lines { last.removeFirst() }
        return line
    }
}
