import Faults
import Jobs
import Ledger
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(4)))
struct CarryingTests {
    private func expectSuccess(_ summary: JobSummary, _ sites: JobSites, tasks: Int = 2) async throws {
        #expect(summary.state == .succeeded, "\(summary.message())")
        for task in summary.decision?.tasks ?? [] {
            #expect(task.digests.count == sites.ids.count)
        }
        for index in sites.ids.indices {
            let outputs = try await sites.service(index).outputs(summary.decision!.job)
            #expect(outputs.count == tasks)
            for output in outputs {
                #expect(output.result == FakeWorld.result(of: output.task, at: sites.ids[index]))
                let decided = summary.decision!.tasks.first { $0.name == output.task }!
                #expect(decided.digests[sites.ids[index].text] == output.digest)
            }
            // Another job may have begun meanwhile.
            #expect(sites.world.workerCount(sites.ids[index], of: summary.decision!.job) == 0)
        }
    }

    @Test("a job runs at all its sites and ends alike, with every output kept at its site")
    func succeeds() async throws {
        try await JobSites.with(3) { sites in
            let job = try await sites.submit(sites.plan("first", tasks: 3))
            let summary = try await sites.end(job)
            try await expectSuccess(summary, sites, tasks: 3)
            #expect(summary.epoch == 1)
            for id in sites.ids {
                let site = sites.world.state.withLock { $0[id]! }
                #expect(site.closed[job] == .succeeded)
                // Whoever says something does not hang.
                #expect(site.touched == Set(site.starts.map(\.worker)))
            }
            // The status is written soon after, and as often as people can read.
            while sites.mirrors[1].state.withLock({ $0[job]?.last }) != .succeeded {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    @Test(
        "a task whose output every party has from an earlier job does not run again, unless one party's code is newer")
    func reuse() async throws {
        try await JobSites.with { sites in
            for id in sites.ids { sites.policy.withLock { $0.code[id] = "1" } }
            let first = try await sites.end(try await sites.submit(sites.plan("first")))
            try await expectSuccess(first, sites)
            let started = sites.world.starts(sites.ids[0]).count
            let again = try await sites.submit(sites.plan("again"))
            let second = try await sites.end(again)
            try await expectSuccess(second, sites)
            #expect(sites.world.starts(sites.ids[0]).count == started)
            #expect(second.decision?.tasks.map(\.digests) == first.decision?.tasks.map(\.digests))
            let lines = try await sites.service(0).lines(again)
            #expect(lines.contains { $0.text.contains(first.decision!.job) && $0.task == "task0" })

            // The partner has another program: its output is not reused, so both make theirs again, and both agree.
            sites.policy.withLock { $0.code[sites.ids[1]] = "2" }
            try await expectSuccess(try await sites.end(try await sites.submit(sites.plan("newer"))), sites)
            for id in sites.ids { #expect(sites.world.starts(id).count == started * 2) }

            // What is deleted is not reused.
            for index in sites.ids.indices {
                for job in [first.decision!.job, again] { try await sites.forget(job, at: index) }
            }
            sites.policy.withLock { $0.code[sites.ids[1]] = "1" }
            try await expectSuccess(try await sites.end(try await sites.submit(sites.plan("after"))), sites)
            #expect(sites.world.starts(sites.ids[0]).count == started * 3)
        }
    }

    @Test("a site that starts forgets the checkpoints of jobs that it does not carry")
    func forgetting() async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 10_000)) { sites in
            let job = try await sites.submit(sites.plan("kept", tasks: 1))
            try await sites.wait(job) { $0.state == .running && $0.progress.done > 0 }
            await sites.kill(1)
            sites.world.state.withLock { $0[sites.ids[1]]!.checkpoints["01OTHER/task0"] = [1, 2] }
            sites.start(1)
            try await sites.ready(1)
            let kept = sites.world.state.withLock { Set($0[sites.ids[1]]!.checkpoints.keys) }
            #expect(kept == ["\(job)/task0"])
            try await sites.service(0).act(.cancel(JobProblem(Fault(JobFaults.cancelled))), on: job)
            _ = try await sites.end(job)
        }
    }

    @Test("a worker that crashes goes on from the last checkpoint that all have, in a new epoch")
    func workerCrashes() async throws {
        try await JobSites.with { sites in
            sites.world.doom(sites.ids[1], .crashed(signal: 9), at: 4)
            let job = try await sites.submit(sites.plan("crash", tasks: 1))
            try await expectSuccess(try await sites.end(job), sites, tasks: 1)
            let starts = sites.world.starts(sites.ids[0])
            #expect(starts.map(\.worker.epoch) == [1, 2])
            #expect(starts.map(\.unit) == [0, 4])
        }
    }

    @Test("out of memory ends the job at both sites with its number, and a retry goes on with the failed task")
    func outOfMemory() async throws {
        try await JobSites.with { sites in
            let job = try await sites.submit(sites.plan("hungry"))
            try await sites.wait(job) { $0.decision?.tasks[0].state == .done }
            sites.world.doom(sites.ids[1], .outOfMemory(limit: 1 << 30, peak: 1 << 30), at: 2)
            let failed = try await sites.end(job)
            #expect(failed.state == .failed)
            #expect(failed.reason?.fault == Fault(JobFaults.workerOutOfMemory))
            #expect(try await sites.service(1).summary(job).reason == failed.reason)
            let before = sites.world.starts(sites.ids[0]).count
            try await sites.service(0).act(.retry, on: job)
            try await sites.wait(job) { !$0.state.isFinal }
            try await expectSuccess(try await sites.end(job), sites)
            let again = sites.world.starts(sites.ids[0]).dropFirst(before)
            #expect(again.map(\.worker.task) == ["task1"])
            let lines = try await sites.service(1).lines(job)
            #expect(lines.contains { $0.text == "last words" && $0.task == "task1" })
        }
    }

    @Test(
        "each end of a worker has its number",
        arguments: [
            (WorkerExit.Cause.overtime(.seconds(9)), Fault(JobFaults.workerOvertime)),
            (.failed(status: 3), Fault(JobFaults.workerFailed)), (.finished, Fault(JobFaults.workerFailed)),
        ])
    func ends(_ cause: WorkerExit.Cause, _ fault: Fault) async throws {
        try await JobSites.with { sites in
            sites.world.doom(sites.ids[0], cause, at: 1)
            let job = try await sites.submit(sites.plan("ends", tasks: 1))
            let summary = try await sites.end(job)
            #expect(summary.state == .failed)
            #expect(summary.reason?.fault == fault, "\(summary.message())")
        }
    }

    @Test("a worker that hangs is started again; one that always crashes ends the job after a bounded number of starts")
    func bounded() async throws {
        var times = JobSites.quick
        times.attempts = 3
        try await JobSites.with(times: times) { sites in
            sites.world.doom(sites.ids[0], .hung(.seconds(60)), at: 0)
            let job = try await sites.submit(sites.plan("loop", tasks: 1))
            var seen = 0
            while seen < 3 {
                let starts = sites.world.starts(sites.ids[0]).count
                if starts > seen {
                    seen = starts
                    sites.world.doom(sites.ids[0], .crashed(signal: 11), at: 0)
                }
                try await Task.sleep(for: .milliseconds(1))
            }
            let summary = try await sites.end(job)
            #expect(summary.reason?.fault == Fault(JobFaults.tooManyAttempts), "\(summary.message())")
            #expect(sites.world.starts(sites.ids[0]).count == 3)
        }
    }

    @Test("a site that is cut off pauses the job at both ends, and its return resumes it")
    func cut() async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 400)) { sites in
            let job = try await sites.submit(sites.plan("cut", tasks: 1))
            try await sites.wait(job) { _ in sites.world.unit(sites.ids[1]) > 3 }
            sites.network.cut(sites.ids[1])
            let paused = try await sites.wait(job) { $0.state == .paused }
            #expect(paused.reason?.fault == Fault(JobFaults.noContact))
            let other = try await sites.wait(job, at: 1) { $0.state == .paused }
            #expect(other.parties[1].waitsFor == sites.ids[0])
            while sites.world.workerCount(sites.ids[0]) + sites.world.workerCount(sites.ids[1]) > 0 {
                try await Task.sleep(for: .milliseconds(2))
            }
            // What it held is given back, so that others can run.
            try await sites.wait(job, at: 1) { $0.parties[1].view?.reservation == PartyView.Reservation.none }
            sites.network.restore(sites.ids[1])
            try await expectSuccess(try await sites.end(job), sites, tasks: 1)
            #expect(sites.world.starts(sites.ids[0]).last!.unit > 0)
        }
    }

    @Test("whichever site is killed while a job runs, the job ends with the same outputs", arguments: [0, 1])
    func killed(_ index: Int) async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 40)) { sites in
            let job = try await sites.submit(sites.plan("killed"))
            for unit in [3, 20] as [UInt64] {
                try await sites.wait(job, at: 1 - index) { _ in sites.world.unit(sites.ids[index]) > unit }
                await sites.restart(index)
            }
            try await expectSuccess(try await sites.end(job), sites)
            #expect(sites.world.starts(sites.ids[0]).contains { $0.unit > 0 })
        }
    }

    @Test("both sites killed at random moments, with every call repeated, leave no difference", arguments: 0..<4)
    func killedOften(_ round: Int) async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 20)) { sites in
            sites.network.repeatCalls()
            let job = try await sites.submit(sites.plan("often"))
            for _ in 0..<6 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...250)))
                await sites.restart(Int.random(in: 0...1))
            }
            try await expectSuccess(try await sites.end(job), sites)
        }
    }

    @Test("pause, resume and cancel by a person take effect at every site")
    func wishes() async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 1_000)) { sites in
            let job = try await sites.submit(sites.plan("wish", tasks: 1))
            try await sites.wait(job) { _ in sites.world.unit(sites.ids[1]) > 3 }
            try await sites.service(0).act(.pause, on: job)
            try await sites.wait(job, at: 1) { $0.state == .paused }
            try await sites.wait(job) { $0.parties.allSatisfy { $0.view?.isQuiet == true } && $0.state == .paused }
            #expect(sites.world.workerCount(sites.ids[0]) == 0)
            await #expect(throws: Fault(JobFaults.notOwner)) { try await sites.service(1).act(.resume, on: job) }
            await #expect(throws: Fault(JobFaults.notNow)) { try await sites.service(0).act(.retry, on: job) }
            try await sites.service(0).act(.resume, on: job)
            try await sites.wait(job, at: 1) { $0.state == .running }
            let why = JobProblem(Fault(JobFaults.cancelled, "Cancelled by ben: not wanted."))
            try await sites.service(1).act(.cancel(why), on: job)
            let summary = try await sites.end(job)
            #expect(summary.state == .cancelled)
            #expect(summary.reason == why)
            #expect(sites.world.workerCount(sites.ids[0]) + sites.world.workerCount(sites.ids[1]) == 0)
            await #expect(throws: Fault(JobFaults.notNow)) { try await sites.service(0).act(.pause, on: job) }
        }
    }

    @Test("a reservation that cannot be met ends at its deadline with the numbers at both sites")
    func notReserved() async throws {
        var times = JobSites.quick
        // On a busy machine the job that can be met takes its time too.
        times.reservation = 3_000
        try await JobSites.with(world: FakeWorld(unitCount: 100_000), times: times) { sites in
            let big = try await sites.submit(sites.plan("big", tasks: 1, cores: 3))
            try await sites.wait(big, at: 1) { $0.state == .running }
            let job = try await sites.submit(sites.plan("late", owner: 1, tasks: 1, cores: 2), at: 1)
            let summary = try await sites.end(job, owner: 1)
            #expect(summary.state == .failed)
            #expect(summary.reason?.fault == Fault(JobFaults.notReserved))
            let message = summary.message()
            #expect(summary.reason?.text.contains("asked 2 cores and 1 GiB, free 1 core") == true, "\(message)")
            #expect(try await sites.service(0).summary(job).reason == summary.reason)
            try await sites.service(0).act(.cancel(JobProblem(Fault(JobFaults.cancelled))), on: big)
            _ = try await sites.end(big)
        }
    }

    @Test("jobs that want the same capacity in different orders all run, oldest first")
    func crossing() async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 3)) { sites in
            var jobs: [(String, Int)] = []
            for number in 0..<10 {
                let owner = number % 2
                let plan = sites.plan("job\(number)", owner: owner, tasks: 1, cores: 3)
                jobs.append((try await sites.submit(plan, at: owner), owner))
            }
            for (job, owner) in jobs {
                try await expectSuccess(try await sites.wait(job, at: owner) { $0.state.isFinal }, sites, tasks: 1)
            }
        }
    }

    @Test("a thousand jobs that wait for capacity bother no other site")
    func thousand() async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 1_000_000)) { sites in
            let first = try await sites.submit(sites.plan("first", tasks: 1, cores: 4))
            try await sites.wait(first) { $0.state == .running }
            for number in 0..<1_000 { try await sites.submit(sites.plan("job\(number)", tasks: 1, cores: 4)) }
            let last = try await sites.submit(sites.plan("last", tasks: 1, cores: 4))
            let summary = try await sites.wait(last) {
                $0.decision?.phase == .reserve && $0.message().contains("before it")
            }
            #expect(summary.state == .proposed)
            #expect(summary.message().contains("1000 jobs before it"), "\(summary.message())")
            try await Task.sleep(for: .seconds(1))
            let before = sites.network.count("jobs.sync")
            try await Task.sleep(for: .seconds(1))
            // The one that runs is told twenty times a second.
            #expect(sites.network.count("jobs.sync") - before < 100)
        }
    }

    @Test("who asked for a job cannot approve it, another can, and the partner's people by themselves")
    func approval() async throws {
        try await JobSites.with { sites in
            sites.policy.withLock {
                $0.approval = [sites.ids[0]: "jobs here need four eyes", sites.ids[1]: "it is foreign"]
            }
            let job = try await sites.submit(sites.plan("asked", tasks: 1), by: "ana (uid 1000)")
            let waiting = try await sites.wait(job) { $0.state == .awaitingApproval }
            let message = waiting.message()
            #expect(message.contains("jobs here need four eyes") && message.contains("it is foreign"))
            await #expect(throws: Fault(JobFaults.ownApproval)) {
                try await sites.service(0).approve(job, by: "ana (uid 1000)")
            }
            try await sites.service(0).approve(job, by: "ben (uid 1001)")
            await #expect(throws: Fault(JobFaults.notNow)) {
                try await sites.service(0).approve(job, by: "cem (uid 1002)")
            }
            await sites.restart(1)
            try await sites.ready(1)
            try await sites.wait(job, at: 1) { $0.state == .awaitingApproval }
            try await sites.service(1).approve(job, by: "ana (uid 1000)")
            try await expectSuccess(try await sites.end(job), sites, tasks: 1)
        }
    }

    @Test("an approval that does not come ends the job with who is missing")
    func notAgreed() async throws {
        var times = JobSites.quick
        times.agreement = 500
        try await JobSites.with(times: times) { sites in
            sites.policy.withLock { $0.approval = [sites.ids[1]: "it is foreign"] }
            let summary = try await sites.end(try await sites.submit(sites.plan("asked")))
            #expect(summary.reason?.fault == Fault(JobFaults.notAgreed))
            #expect(summary.reason?.text.contains(sites.ids[1].short) == true, "\(summary.message())")
        }
    }

    @Test("refusals come before anything is stored, with every party's reason")
    func refused() async throws {
        try await JobSites.with(3) { sites in
            for index in 0..<3 { try await sites.ready(index) }
            let version = Fault(JobFaults.malformed, "The operator's version is 2 here and 1 in the plan.")
            sites.policy.withLock { $0.refusal = [sites.ids[1]: version] }
            sites.network.cut(sites.ids[2])
            let fault = await #expect(throws: Fault.self) {
                try await sites.service(0).consider(sites.plan("no", cores: 5), in: JobSites.scope)
            }
            #expect(fault == Fault(JobFaults.refused))
            let found = (fault?.parts ?? []).sorted { $0.number.rawValue < $1.number.rawValue }
            let over = Fault(JobFaults.overCapacity)
            #expect(found == [over, over, Fault(JobFaults.unreachable)])
            sites.network.restore(sites.ids[2])
            let second = await #expect(throws: Fault.self) {
                try await sites.service(0).consider(sites.plan("no"), in: JobSites.scope)
            }
            #expect(second?.parts.map(\.what) == [version.what])
            // Several reasons of one party arrive each by itself, with its place and what was wanted.
            let two = [
                Fault(
                    JobFaults.notAllowed, "The job asks for 512 MiB.", at: "limits.memory", wanted: "at most 128 MiB"),
                Fault(JobFaults.clockDiffers),
            ]
            sites.policy.withLock { $0.refusal = [sites.ids[1]: Fault(JobFaults.invalid, parts: two)] }
            let third = await #expect(throws: Fault.self) {
                try await sites.service(0).consider(sites.plan("no"), in: JobSites.scope)
            }
            #expect(Set(third?.parts.map(\.number) ?? []) == Set(two.map(\.number)))
            let limit = third?.parts.first { $0 == two[0] }
            #expect(limit?.wanted == "at most 128 MiB")
            #expect(limit?.place == "party \(sites.ids[1].short), limits.memory")
            sites.policy.withLock { $0.refusal = [:] }
            try await sites.service(0).consider(sites.plan("yes"), in: JobSites.scope)
            // A call that is lost on its way says nothing of the party.
            sites.network.lose(3, to: sites.ids[2])
            try await sites.service(0).consider(sites.plan("lost"), in: JobSites.scope)
        }
    }

    @Test("a job that a party refuses after all ends with the party's reason everywhere")
    func refusedLater() async throws {
        try await JobSites.with { sites in
            let fault = Fault(JobFaults.clockDiffers, "The clocks differ by 75 s.")
            sites.policy.withLock { $0.refusal = [sites.ids[1]: fault] }
            let summary = try await sites.end(try await sites.submit(sites.plan("no")))
            #expect(summary.state == .failed)
            #expect(summary.reason?.fault == fault)
            #expect(sites.world.starts(sites.ids[0]).isEmpty)
        }
    }

    @Test("a limit of wall time ends a job, also one that is paused for a lost site")
    func overtime() async throws {
        try await JobSites.with(world: FakeWorld(unitCount: 100_000)) { sites in
            let job = try await sites.submit(sites.plan("long", tasks: 1, seconds: 3))
            try await sites.wait(job) { $0.state == .running }
            sites.network.cut(sites.ids[1])
            let summary = try await sites.wait(job) { $0.state.isFinal }
            #expect(summary.reason?.fault == Fault(JobFaults.overtime))
            sites.network.restore(sites.ids[1])
            _ = try await sites.end(job)
        }
    }
}
