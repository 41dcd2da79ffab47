import Faults

/// What the first bytes of a file tell.
extension CSVScanner {
    /// Throws `TableFaults.csvBinary` or `csvEncoding` for what is told by its first bytes.
    static func checkBeginning(_ text: UnsafeBufferPointer<UInt8>) throws {
        if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
            throw Fault(
                TableFaults.csvEncoding, "The file is encoded in UTF-16.", at: "line 1",
                fix: "Convert it, for instance with `iconv -f UTF-16 -t UTF-8`.")
        }
        if text.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw Fault(
                TableFaults.csvBinary, "The file is a spreadsheet or a ZIP archive.", at: "line 1",
                fix: "Save the sheet as CSV in UTF-8, or unpack the archive; gzip is read as it is.")
        }
    }

    /// The one of comma, tab, semicolon and bar that the first record has most of outside of quotes; the first of them
    /// where several are as frequent; a comma where there is none.
    static func delimiter(of text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt8 {
        let candidates: [UInt8] = [0x2C, 0x09, 0x3B, 0x7C]
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        var hasContent = false
        for byte in text {
            if byte == 0x22 { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D {
                if hasContent { break }
                continue
            }
            hasContent = true
            if let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
        }
        let most = counts.max() ?? 0
        return most == 0 ? candidates[0] : candidates[counts.firstIndex(of: most) ?? 0]
    }
}
