#if os(Linux)
    import Dispatch
    import Foundation
    import Glibc
    import Testing

    @testable import Observability

    @Suite struct LogSinkTests {
        /// Lines longer than a pipe holds, from many writers, through a slow and non-blocking pipe: each arrives whole.
        @Test func linesNeverMix() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let (reader, writer) = (ends[0], ends[1])
            _ = fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) | O_NONBLOCK)
            let sink = DescriptorLogSink(writer)
            let expected = (0..<8).map { String(repeating: "\($0)", count: 100_000) }
            // Threads of their own: writers that wait for the reader must not hold the tasks' threads.
            Thread.detachNewThread {
                DispatchQueue.concurrentPerform(iterations: expected.count) { sink.write(expected[$0]) }
                close(writer)
            }
            let received = lines(from: reader)
            close(reader)
            #expect(received.sorted() == expected)
        }

        @Test func aLineAfterACutOneBeginsAnew() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let (reader, writer) = (ends[0], ends[1])
            defer { close(reader) }
            _ = fcntl(writer, F_SETFL, fcntl(writer, F_GETFL) | O_NONBLOCK)
            let sink = DescriptorLogSink(writer)
            // More than a pipe holds, and nobody reads: after a second the rest is given up.
            sink.write(String(repeating: "x", count: 200_000))
            var room = [UInt8](repeating: 0, count: 4_096)
            try #require(read(reader, &room, room.count) == room.count)
            sink.write("whole")
            sink.write("and whole")
            close(writer)
            let received = lines(from: reader)
            #expect(received.count == 3)
            #expect(received.first?.allSatisfy { $0 == "x" } == true)
            #expect(received.dropFirst() == ["whole", "and whole"])
        }

        @Test func aClosedDescriptorIsNoTrouble() {
            DescriptorLogSink(-1).write("nobody hears this")
        }

        @Test func aFullDiskIsNoTrouble() throws {
            let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
            try #require(full >= 0)
            defer { close(full) }
            DescriptorLogSink(full).write("there is no room for this")
        }

        private func lines(from reader: Int32) -> [String] {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 5_000)
            while true {
                let count = read(reader, &chunk, chunk.count)
                if count <= 0 { break }
                bytes += chunk[..<count]
            }
            return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        }
    }
#endif
