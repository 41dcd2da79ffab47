import CTables
import Faults

/// Reads one column of a batch into its builder, by the column's type.
struct CSVColumnReader {
    /// Its place in the file, from 0.
    let fileColumn: Int
    let column: ColumnSchema
    let isID: Bool
    let missing: MissingTokens
    let dates: CSVReading.DateForm
    /// Cells without their quotes.
    private var scratch: [UInt8] = []
    /// The first problems of the batch being read, and how many more.
    private(set) var found: [CSVProblems.Found] = []
    private(set) var unnamed = 0

    init(fileColumn: Int, column: ColumnSchema, isID: Bool, reading: CSVReading, missing: MissingTokens) {
        self.fileColumn = fileColumn
        self.column = column
        self.isID = isID
        self.missing = missing
        dates = reading.dates
    }

    /// Appends a value for every row of the batch; a cell that does not fit counts as a problem and as missing.
    /// Throws `TableFaults.tooManyCategories`.
    mutating func read(_ batch: CSVBatch, into builder: ColumnBuilder) throws {
        found.removeAll(keepingCapacity: true)
        unnamed = 0
        switch column.type {
        case .integer:
            numbers(batch, builder) { NumberText.integer($0, $1).map { UInt64(bitPattern: $0) } }
        case .decimal(let scale):
            numbers(batch, builder) { NumberText.decimal($0, $1, scale: scale).map { UInt64(bitPattern: $0) } }
        case .float:
            numbers(batch, builder) { text, count in
                guard let value = FloatText.parse(text, count), value.isFinite else { return nil }
                return (value + 0).bitPattern
            }
        case .date:
            let separator = dates.separator
            numbers(batch, builder) { text, count in
                CalendarDate.parse(text, count, separator: separator).map { UInt64(bitPattern: $0) }
            }
        case .category: try categories(batch, builder)
        case .text: texts(batch, builder)
        }
    }

    /// What a cell of this column must be, for faults.
    var wanted: String {
        switch column.type {
        case .integer: "a whole number of 64 bits"
        case .decimal(let scale): "a decimal number with at most \(scale) digits after the point and 18 digits in all"
        case .float: "a finite number with a decimal point"
        case .category, .text: "text of at most \(Limits.textBytes) bytes in UTF-8"
        case .date:
            switch dates {
            case .dashes: "a date YYYY-MM-DD"
            case .slashes: "a date YYYY/MM/DD"
            case .compact: "a date YYYYMMDD"
            }
        }
    }

    /// Numbers and dates: the cell as it stands is tried first, which is all that most cells need.
    @inline(__always)
    private mutating func numbers(
        _ batch: CSVBatch, _ builder: ColumnBuilder, _ parse: (UnsafePointer<UInt8>, Int) -> UInt64?
    ) {
        let first = builder.count
        let slots = builder.slots + first
        for row in 0..<batch.rows {
            let start = batch.cellStart(row, fileColumn)
            let text = batch.base + start
            let count = batch.cellEnd(row, fileColumn) &- start
            if let bits = parse(text, count) {
                slots[row] = bits
            } else if let bits = slowly(text, count, row: row, parse) {
                slots[row] = bits
            } else {
                builder.markMissing(first + row)
            }
        }
        builder.advance(batch.rows)
    }

    /// Cells with blanks or quotes around them, missing ones, and wrong ones.
    private mutating func slowly(
        _ text: UnsafePointer<UInt8>, _ count: Int, row: Int, _ parse: (UnsafePointer<UInt8>, Int) -> UInt64?
    ) -> UInt64? {
        let (start, end) = CSVCell.trimmed(text, count)
        var (content, length) = (text + start, end - start)
        if length > 0, content[0] == 0x22 {
            CSVCell.unquote(content, length, into: &scratch)
            return scratch.withUnsafeBufferPointer { bytes in
                guard let inside = bytes.baseAddress, !missing.contains(inside, bytes.count) else {
                    checkID(row)
                    return nil
                }
                if let bits = parse(inside, bytes.count) { return bits }
                add(row, misfit(inside, bytes.count))
                return nil
            }
        }
        if length == 0 {
            checkID(row)
            return nil
        }
        if length < count, let bits = parse(content, length) { return bits }
        if missing.contains(content, length) {
            checkID(row)
            return nil
        }
        // Type or range is told by the form.
        (content, length) = (text + start, end - start)
        add(row, misfit(content, length))
        return nil
    }

    private mutating func categories(_ batch: CSVBatch, _ builder: ColumnBuilder) throws {
        let first = builder.count
        for row in 0..<batch.rows {
            guard let (text, count) = content(batch, row) else {
                builder.markMissing(first + row)
                continue
            }
            guard let code = builder.code(of: text, count) else {
                throw Fault(
                    TableFaults.tooManyCategories, at: "line \(batch.line(of: row)), column \(column.name)",
                    wanted: ColumnBuilder.categoriesWanted)
            }
            builder.slots[first + row] = UInt64(code)
        }
        builder.advance(batch.rows)
    }

    private mutating func texts(_ batch: CSVBatch, _ builder: ColumnBuilder) {
        for row in 0..<batch.rows {
            if let (text, count) = content(batch, row) {
                builder.appendText(text, count)
            } else {
                builder.appendMissing()
            }
        }
    }

    /// The text of a cell; `nil` when it is missing or wrong. Valid until the next call.
    private mutating func content(_ batch: CSVBatch, _ row: Int) -> (UnsafePointer<UInt8>, Int)? {
        let start = batch.cellStart(row, fileColumn)
        var text = batch.base + start
        var count = batch.cellEnd(row, fileColumn) - start
        if count > 0, text[0] <= 0x22 || text[count - 1] <= 0x20 {
            let (begin, end) = CSVCell.trimmed(text, count)
            (text, count) = (text + begin, end - begin)
            if count > 0, text[0] == 0x22 {
                CSVCell.unquote(text, count, into: &scratch)
                // The array is not touched before the next cell, and callers copy what they keep.
                text = scratch.withUnsafeBufferPointer { $0.baseAddress ?? text }
                return checked(text, scratch.count, batch, row)
            }
        }
        if missing.contains(text, count) {
            checkID(row)
            return nil
        }
        return checked(text, count, batch, row)
    }

    private mutating func checked(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ batch: CSVBatch, _ row: Int
    ) -> (UnsafePointer<UInt8>, Int)? {
        guard count > 0 else {
            checkID(row)
            return nil
        }
        guard batch.isASCII || ct_utf8_valid(text, count) == count else {
            add(row, TableFaults.cellEncoding)
            return nil
        }
        guard count <= Limits.textBytes else {
            add(row, TableFaults.cellRange)
            return nil
        }
        return (text, count)
    }

    private mutating func checkID(_ row: Int) {
        if isID { add(row, TableFaults.idMissing) }
    }

    private mutating func add(_ row: Int, _ entry: FaultEntry) {
        if found.count < CSVProblems.mostNamed {
            found.append(CSVProblems.Found(row: row, column: fileColumn, entry: entry))
        } else {
            unnamed += 1
        }
    }

    /// A number of the right form that does not fit is out of range; everything else is of another type.
    private func misfit(_ text: UnsafePointer<UInt8>, _ count: Int) -> FaultEntry {
        switch column.type {
        case .integer:
            NumberText.plainForm(text, count).map { !$0.hasPoint } == true
                ? TableFaults.cellRange : TableFaults.cellType
        case .decimal: NumberText.plainForm(text, count) != nil ? TableFaults.cellRange : TableFaults.cellType
        case .float: FloatText.parse(text, count) != nil ? TableFaults.cellRange : TableFaults.cellType
        case .category, .date, .text: TableFaults.cellType
        }
    }
}
