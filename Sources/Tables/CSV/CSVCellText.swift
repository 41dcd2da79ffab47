/// Texts as cells of a CSV file.
struct CSVCellText {
    private let delimiter: UInt8
    private let guardsFormulas: Bool
    private let missing: MissingTokens

    init(_ writing: CSVWriting) {
        delimiter = writing.delimiter.asciiValue ?? 0x2C
        guardsFormulas = writing.guardsFormulas
        // What reading takes for missing must not look so when it is a value.
        missing = MissingTokens(CSVReading.usualMissing + [writing.missing])
    }

    /// The cell of a text: guarded when it would be a formula, in quotes when it must be.
    func cell(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let isGuarded = guardsFormulas && FormulaGuard.needs(text)
        guard isGuarded || needsQuotes(text) else { return Array(text) }
        var cell: [UInt8] = isGuarded ? [0x22, 0x27] : [0x22]
        for byte in text {
            if byte == 0x22 { cell.append(0x22) }
            cell.append(byte)
        }
        cell.append(0x22)
        return cell
    }

    /// Whether the text can stand as it is.
    func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        !(guardsFormulas && FormulaGuard.needs(text)) && !needsQuotes(text)
    }

    private func needsQuotes(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = text.baseAddress, let first = text.first, let last = text.last else { return true }
        if first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09 { return true }
        for byte in text where byte <= 0x22 || byte == delimiter {
            if byte == 0x22 || byte == 0x0A || byte == 0x0D || byte == delimiter { return true }
        }
        // A mark of the encoding at the start of a file would be taken away.
        return missing.contains(start, text.count) || text.starts(with: [0xEF, 0xBB, 0xBF])
    }
}
