import Faults

/// The rows of one column that are being collected, up to a fixed number. Not for use by several threads.
final class ColumnBuilder {
    let type: ColumnType
    let capacity: Int
    private(set) var count = 0
    /// Integers, bit patterns of doubles, or codes; unused for text. Room for `capacity`.
    let slots: UnsafeMutablePointer<UInt64>
    /// One bit per row, one where the value is missing. Whole words for `capacity`.
    private let absent: UnsafeMutablePointer<UInt64>
    private var anyAbsent = false
    private(set) var texts = TextValues(offsets: [0], bytes: [])
    /// The categories of the whole table so far, not of this chunk alone.
    private(set) var dictionary = ByteDictionary()

    init(_ type: ColumnType, capacity: Int) {
        self.type = type
        self.capacity = capacity
        slots = .allocate(capacity: type == .text ? 1 : capacity)
        absent = .allocate(capacity: (capacity + 63) / 64)
        absent.initialize(repeating: 0, count: (capacity + 63) / 64)
    }

    deinit {
        slots.deallocate()
        absent.deallocate()
    }

    var isText: Bool { type == .text }

    /// Says that rows were written to `slots` directly, from `count` on. Not for text.
    func advance(_ rows: Int) {
        precondition(!isText && count + rows <= capacity)
        count += rows
    }

    /// Marks a row, which may be one that `advance` will soon count, as missing.
    func markMissing(_ row: Int) {
        precondition(row < capacity)
        absent[row >> 6] |= 1 << UInt64(row & 63)
        if !isText { slots[row] = 0 }
        anyAbsent = true
    }

    func appendMissing() {
        markMissing(count)
        if isText { texts.offsets.append(texts.bytes.count) }
        count += 1
    }

    func appendInteger(_ value: Int64) { appendBits(UInt64(bitPattern: value)) }

    /// Minus zero becomes zero.
    func appendFloat(_ value: Double) { appendBits((value + 0).bitPattern) }

    func appendCode(_ code: UInt32) { appendBits(UInt64(code)) }

    func appendText(_ text: UnsafePointer<UInt8>, _ length: Int) {
        precondition(isText && count < capacity)
        texts.bytes.append(contentsOf: UnsafeBufferPointer(start: text, count: length))
        texts.offsets.append(texts.bytes.count)
        count += 1
    }

    /// The code of a category; `nil` when there would be too many.
    func code(of text: UnsafePointer<UInt8>, _ length: Int) -> UInt32? {
        dictionary.code(of: text, length, limit: Limits.categories, bytesLimit: Limits.categoryBytes)
    }

    /// What was collected.
    func chunk() -> ColumnChunk {
        let values: ColumnChunk.Values =
            switch type {
            case .integer, .decimal, .date:
                .integers(filled { Int64(bitPattern: $0) })
            case .float: .floats(filled { Double(bitPattern: $0) })
            case .category: .codes(filled { UInt32(truncatingIfNeeded: $0) })
            case .text: .texts(texts)
            }
        let words = (count + 63) / 64
        let presence =
            anyAbsent
            ? Presence(count: count, words: (0..<words).map { ~absent[$0] }) : Presence(all: count)
        return ColumnChunk(type: type, presence: presence, values: values)
    }

    /// Forgets the rows, but not the categories.
    func clear() {
        count = 0
        anyAbsent = false
        absent.update(repeating: 0, count: (capacity + 63) / 64)
        texts.offsets.removeLast(texts.offsets.count - 1)
        texts.bytes.removeAll(keepingCapacity: true)
    }

    private func appendBits(_ bits: UInt64) {
        precondition(!isText && count < capacity)
        slots[count] = bits
        count += 1
    }

    private func filled<Value>(_ convert: (UInt64) -> Value) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { buffer, written in
            for row in 0..<count { (buffer.baseAddress! + row).initialize(to: convert(slots[row])) }
            written = count
        }
    }
}

extension ColumnBuilder {
    /// Appends a value of the column's own type. Throws `TableFaults.valueForeign` for any other, `tooManyCategories`.
    func append(_ cell: Cell) throws {
        switch (cell, type) {
        case (.missing, _): appendMissing()
        case (.integer(let value), .integer): appendInteger(value)
        case (.decimal(let value, let scale), .decimal(let wanted)) where scale == wanted: appendInteger(value)
        case (.float(let value), .float) where value.isFinite: appendFloat(value)
        case (.date(let days), .date) where days >= CalendarDate.first && days <= CalendarDate.last:
            appendInteger(days)
        case (.category(let text), .category) where Self.isAllowed(text):
            var text = text
            let code = text.withUTF8 { self.code(of: $0.baseAddress!, $0.count) }
            guard let code else { throw Fault(TableFaults.tooManyCategories, wanted: Self.categoriesWanted) }
            appendCode(code)
        case (.text(let text), .text) where Self.isAllowed(text):
            var text = text
            text.withUTF8 { appendText($0.baseAddress!, $0.count) }
        default: throw Fault(TableFaults.valueForeign, wanted: "a value of type \(type)")
        }
    }

    static let categoriesWanted =
        "at most \(Limits.categories) different values of together \(Limits.categoryBytes) bytes"

    private static func isAllowed(_ text: String) -> Bool { !text.isEmpty && text.utf8.count <= Limits.textBytes }
}
