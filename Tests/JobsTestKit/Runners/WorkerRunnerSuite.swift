import Faults
import Jobs
import ResourcesTestKit
import Testing

/// What every runner of workers must do: the sentences of `WorkerRunner` as checks. Each is run under a time limit.
public enum WorkerRunnerSuite {
    public static let checks: [WorkerRunnerCheck] = ends + limits + stopping

    private static let patience = Duration.seconds(120)

    static let ends: [WorkerRunnerCheck] = [
        WorkerRunnerCheck("a worker that ends with status 0 has finished") { runner in
            let id = try await runner.start(.finish(status: 0))
            let exit = try await runner.nextExit()
            #expect(exit.worker == id && exit.cause == .finished)
            #expect(await runner.running().isEmpty)
        },
        WorkerRunnerCheck("the whole order reaches the worker, however long it is") { runner in
            let content = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            _ = try await runner.start(.digest(of: content))
            let exit = try await runner.nextExit()
            #expect(exit.cause == .finished)
            #expect(exit.lastLines == [WorkerBehaviour.line(ofDigest: content)])
        },
        WorkerRunnerCheck("another status is a failure, told with the last 20 lines of at most 500 characters") {
            runner in
            _ = try await runner.start(.lines(count: 300, length: 600))
            let exit = try await runner.nextExit()
            #expect(exit.cause == .failed(status: 3))
            #expect(exit.lastLines.map { $0.prefix { $0 != "x" } } == (281...300).map { "line \($0) " })
            #expect(exit.lastLines.allSatisfy { $0.count == 500 })
        },
        WorkerRunnerCheck("a signal that the runner did not send is a crash") { runner in
            for (number, signal) in [Int32(11), 6, 9, 15].enumerated() {
                _ = try await runner.start(.crash(signal: signal), epoch: UInt64(number) + 1)
                #expect(try await runner.nextExit().cause == .crashed(signal: signal))
            }
        },
        WorkerRunnerCheck("each of many workers is reported once") { runner in
            var started: Set<WorkerID> = []
            for number in 0..<12 as Range<Int32> {
                started.insert(try await runner.start(.finish(status: number % 3), as: "task-\(number)"))
            }
            var seen: Set<WorkerID> = []
            for await exit in runner.exits {
                #expect(seen.insert(exit.worker).inserted)
                let status = Int32(exit.worker.task.dropFirst(5))! % 3
                #expect(exit.cause == (status == 0 ? .finished : .failed(status: status)))
                if seen.count == 12 { break }
            }
            #expect(seen == started)
            #expect(await runner.running().isEmpty)
        },
        WorkerRunnerCheck("starting one that runs does nothing; one that has ended can be started again") { runner in
            let id = try await runner.start(.sleep)
            _ = try await runner.start(.finish(status: 7))
            #expect(await runner.running() == [id])
            await runner.stop(id, grace: patience)
            #expect(try await runner.nextExit().cause == .stopped)
            _ = try await runner.start(.finish(status: 7))
            #expect(try await runner.nextExit().cause == .failed(status: 7))
        },
    ]

    static let limits: [WorkerRunnerCheck] = [
        WorkerRunnerCheck("a worker above its memory is ended and told from a crash") { runner in
            _ = try await runner.start(.eat(bytes: 1 << 31), memory: 96 << 20)
            let exit = try await runner.nextExit()
            guard case .outOfMemory(let limit, let peak) = exit.cause else {
                Issue.record("\(exit.cause)")
                return
            }
            #expect(limit == 96 << 20 && peak > limit && exit.peakMemory >= peak)
        },
        WorkerRunnerCheck("a worker below its memory is let be, and its peak is known") { runner in
            _ = try await runner.start(.eat(bytes: 64 << 20), memory: 512 << 20)
            let exit = try await runner.nextExit()
            #expect(exit.cause == .finished)
            #expect(exit.peakMemory > 64 << 20 && exit.peakMemory < 512 << 20)
        },
        WorkerRunnerCheck("a worker that does nothing for long enough hangs") { runner in
            _ = try await runner.start(.sleep, silence: .seconds(1))
            #expect(try await runner.nextExit().cause == .hung(.seconds(1)))
        },
        WorkerRunnerCheck("a worker that computes without a word does not hang") { runner in
            _ = try await runner.start(.spin(seconds: 6), silence: .seconds(3))
            let exit = try await runner.nextExit()
            #expect(exit.cause == .finished)
            #expect(exit.processorTime > .zero)
        },
        WorkerRunnerCheck("a worker beyond its time is ended, also one that does not heed") { runner in
            for (number, behaviour) in [WorkerBehaviour.sleep, .ignoreAsking].enumerated() {
                _ = try await runner.start(behaviour, epoch: UInt64(number) + 1, time: .seconds(1))
                #expect(try await runner.nextExit().cause == .overtime(.seconds(1)))
            }
        },
        WorkerRunnerCheck("what can never run is refused and not reported") { runner in
            await #expect(throws: Fault(RunnerFaults.orderTooLarge)) {
                _ = try await runner.start(.deaf(bytes: 1 << 20))
            }
            await #expect(throws: Fault(RunnerFaults.beyondCapacity)) {
                _ = try await runner.start(.sleep, memory: runner.capacity.memory + 1)
            }
            _ = try await runner.start(.finish(status: 0), as: "after")
            #expect(try await runner.nextExit().worker.task == "after")
        },
    ]

    static let stopping: [WorkerRunnerCheck] = [
        WorkerRunnerCheck("a stopped worker is gone when stop returns") { runner in
            let id = try await runner.start(.sleep)
            #expect(await runner.running() == [id])
            await runner.stop(id, grace: patience)
            #expect(await runner.running().isEmpty)
            #expect(try await runner.nextExit().cause == .stopped)
        },
        WorkerRunnerCheck("a worker that does not heed is ended after the grace, once for all who ask") { runner in
            let id = try await runner.start(.ignoreAsking)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { await runner.stop(id, grace: .milliseconds(300)) } }
            }
            #expect(try await runner.nextExit().cause == .stopped)
            _ = try await runner.start(.finish(status: 0), as: "after")
            #expect(try await runner.nextExit().worker.task == "after")
        },
        WorkerRunnerCheck("stopping one that does not run is no error") { runner in
            await runner.stop(WorkerID(job: "01J000000000000000000000JB", task: "none", epoch: 1), grace: .zero)
        },
        WorkerRunnerCheck("a worker that does not read its order hinders no other") { runner in
            let deaf = try await runner.start(.deaf(bytes: 1_000_000), as: "deaf")
            _ = try await runner.start(.finish(status: 0), as: "other")
            #expect(try await runner.nextExit().worker.task == "other")
            await runner.stop(deaf, grace: patience)
            #expect(try await runner.nextExit().cause == .stopped)
        },
        WorkerRunnerCheck("with nothing left behind, recovering does nothing") { runner in
            try await runner.recover()
            _ = try await runner.start(.finish(status: 0))
            #expect(try await runner.nextExit().cause == .finished)
        },
    ]
}
