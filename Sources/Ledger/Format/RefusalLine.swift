import Faults

extension RefusalRecord {
    /// What a line keeps: the record without peer and job. Names come from whoever was refused, so they are cut to 64
    /// characters, and what is no letter, digit, point, dash or underscore becomes a question mark.
    struct Line: Sendable, Hashable {
        var direction: FrameDirection
        var task: String
        var step: UInt32
        var sequence: UInt64
        var messageType: String
        var number: UInt16

        init(_ record: RefusalRecord) {
            direction = record.direction
            task = Self.harmless(record.task)
            step = record.step
            sequence = min(record.sequence, UInt64(Int64.max))
            messageType = Self.harmless(record.messageType)
            number = record.number
        }

        init(_ reader: inout ByteReader) throws(Fault) {
            direction = try FrameDirection(&reader)
            task = try reader.text(atMost: LedgerLine.longestText)
            step = try reader.integer()
            sequence = try reader.count()
            messageType = try reader.text(atMost: LedgerLine.longestText)
            number = try reader.integer()
        }

        func write(to writer: inout ByteWriter) {
            writer.put(direction.code)
            writer.put(task)
            writer.put(step)
            writer.put(sequence)
            writer.put(messageType)
            writer.put(number)
        }

        static func harmless(_ text: String) -> String {
            let bytes = text.utf8.prefix(64).map { byte -> UInt8 in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    byte
                default: UInt8(ascii: "?")
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
