#if os(Linux)
    import Glibc
    import Testing

    @testable import Observability

    @Suite(.serialized) struct ProcessFiguresTests {
        @Test func theyTellOfThisProcess() throws {
            let figures = Dictionary(uniqueKeysWithValues: ProcessFigures.now().map { ($0.name, $0.value) })
            #expect(Set(figures.keys) == Set(ProcessFigures.names))
            let resident = try #require(figures["process_resident_memory_bytes"])
            #expect((1e6...1e11).contains(resident))
            let start = try #require(figures["process_start_time_seconds"])
            let age = Double(time(nil)) - start
            #expect(age > -2 && age < 86_400)
            let open = try #require(figures["process_open_fds"])
            #expect(try open >= 3 && open <= #require(figures["process_max_fds"]))
        }

        @Test func anOpenFileIsCounted() throws {
            let before = try #require(SystemFile.openDescriptors())
            // Other tests open and close files meanwhile, so many are opened to stand out.
            let files = (0..<200).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
            defer { for file in files { close(file) } }
            let after = try #require(SystemFile.openDescriptors())
            #expect(after - before > 100)
        }

        @Test func timeIsSpent() throws {
            let before = try #require(cpu())
            let end = clock() + clock_t(CLOCKS_PER_SEC) / 10
            while clock() < end {}
            #expect(try #require(cpu()) > before)
        }

        @Test func aMissingFileIsNoFigure() {
            #expect(SystemFile.text("/proc/self/no-such-file") == nil)
        }

        private func cpu() -> Double? {
            ProcessFigures.now().first { $0.name == "process_cpu_seconds_total" }?.value
        }
    }
#endif
