import CTables
import Faults

/// A schema that a CSV file's content suggests, and what reading it whole told besides.
public struct InferredSchema: Sendable {
    public let schema: TableSchema
    /// Whether the first record holds the names.
    public let hasHeader: Bool
    public let delimiter: Character
    public let rows: Int
    public let sourceBytes: Int
    /// SHA-256 of the source's bytes as they came.
    public let sourceDigest: TableDigest
}

/// Finds the narrowest type that holds every value of a column, reading the whole file once in bounded memory. The result
/// depends on the content alone; docs/tables.md states the rules.
public enum CSVInference {
    /// Different values up to which text is taken for a category.
    static let mostCategories = 1000

    /// `ids` and `label` name columns of the file. Throws the faults of scanner and header, `TableFaults.csvCells` for rows
    /// of another length, `schemaInvalid` for ids or a label that are not there.
    public static func schema(
        of input: any ByteInput, reading: CSVReading = CSVReading(), ids: [String] = [], label: String? = nil,
        progress: ((TableProgress) throws -> Void)? = nil
    ) throws -> InferredSchema {
        let scanner = try CSVScanner(input, reading)
        guard let (line, cells) = try scanner.peekRecord() else { throw Fault(TableFaults.csvEmpty) }
        let header = try CSVHeader(line: line, cells: cells, reading)
        if header.isInFile { try scanner.skipRecord() }
        let missing = MissingTokens(reading.missing)
        var columns = header.names.map { _ in TypeCandidates(dates: reading.dates) }
        var problems = CSVProblems()
        var rows = 0
        let ragged = { (line: () -> Int, cells: Int) in
            guard problems.hasRoom else { return problems.add(unnamed: 1) }
            problems.add([
                Fault(
                    TableFaults.rowLength, "A row has \(cells) cells.", at: "line \(line())",
                    wanted: "\(header.names.count) cells")
            ])
        }
        while let batch = try scanner.nextBatch(
            columns: columns.count, most: CSVScanner.mostBatchRows, ragged: { ragged($0, $1) })
        {
            for column in columns.indices { columns[column].look(at: batch, column, missing) }
            rows += batch.rows
            guard rows <= reading.mostRows else {
                throw Fault(TableFaults.csvTooManyRows, wanted: "at most \(reading.mostRows) rows")
            }
            try progress?(TableProgress(bytes: scanner.input.source.count, rows: rows))
        }
        if let fault = problems.fault { throw fault }
        let schema = try TableSchema(
            columns: zip(header.names, columns).map { name, candidates in
                try ColumnSchema(name, candidates.type(isID: ids.contains(name)))
            }, ids: ids, label: label)
        return InferredSchema(
            schema: schema, hasHeader: header.isInFile, delimiter: Character(Unicode.Scalar(scanner.delimiter)),
            rows: rows,
            sourceBytes: scanner.input.source.count, sourceDigest: scanner.input.source.digest)
    }
}

/// Which types a column's values allow so far.
struct TypeCandidates {
    private let separator: UInt8?
    private var values = 0
    /// Values that are no token for missing ones.
    private var plainValues = 0
    private var isInteger = true
    private var isNumber = true
    /// Whether every number is written without exponent.
    private var isPlain = true
    /// Whether every integer stands as Atoll would write it.
    private var isCanonical = true
    private var wholeDigits = 0
    private var fractionDigits = 0
    private var isDate = true
    private var distinct = ByteDictionary()
    private var isCategory = true
    private var scratch: [UInt8] = []

    /// Compact dates are never told from whole numbers.
    init(dates: CSVReading.DateForm) {
        separator = dates.separator
        isDate = separator != nil
    }

    mutating func look(at batch: CSVBatch, _ column: Int, _ missing: MissingTokens) {
        for row in 0..<batch.rows {
            let start = batch.cellStart(row, column)
            let text = batch.base + start
            let count = batch.cellEnd(row, column) - start
            let (begin, end) = CSVCell.trimmed(text, count)
            if begin < end, text[begin] == 0x22 {
                CSVCell.unquote(text + begin, end - begin, into: &scratch)
                let content = scratch
                content.withUnsafeBufferPointer { bytes in
                    guard let inside = bytes.baseAddress, !bytes.isEmpty else { return }
                    // A quoted token is missing in a column of numbers and a value in one of texts.
                    look(inside, bytes.count, isMissingNumber: missing.contains(inside, bytes.count))
                }
            } else if !missing.contains(text + begin, end - begin) {
                look(text + begin, end - begin, isMissingNumber: false)
            }
        }
    }

    func type(isID: Bool) -> ColumnType {
        guard values > 0 else { return isID ? .text : .float }
        guard plainValues > 0 else { return isID || !isCategory ? .text : .category }
        if isNumber {
            if isInteger { return isID && !isCanonical ? .text : .integer }
            if !isID {
                let isDecimal = isPlain && fractionDigits <= 6 && wholeDigits + fractionDigits <= 18
                return isDecimal ? .decimal(scale: fractionDigits) : .float
            }
        }
        if isDate { return .date }
        return isID || !isCategory ? .text : .category
    }

    private mutating func look(_ text: UnsafePointer<UInt8>, _ count: Int, isMissingNumber: Bool) {
        values += 1
        if isCategory, distinct.code(of: text, count, limit: CSVInference.mostCategories, bytesLimit: 1 << 20) == nil {
            isCategory = false
        }
        if isMissingNumber { return }
        plainValues += 1
        if isNumber { lookAtNumber(text, count) }
        if isDate, CalendarDate.parse(text, count, separator: separator) == nil { isDate = false }
    }

    private mutating func lookAtNumber(_ text: UnsafePointer<UInt8>, _ count: Int) {
        guard let form = NumberText.plainForm(text, count) else {
            isInteger = false
            isPlain = false
            if FloatText.parse(text, count).map(\.isFinite) != true { isNumber = false }
            return
        }
        // What would lose digits as a number, such as 007 or a long account number, is text.
        if form.hasLeadingZero || (!form.hasPoint && form.wholeDigits > 18) { isNumber = false }
        if form.hasPoint { isInteger = false }
        if form.isPlus || (form.isSigned && form.isZero) { isCanonical = false }
        wholeDigits = max(wholeDigits, form.wholeDigits)
        fractionDigits = max(fractionDigits, form.fractionDigits)
    }
}
