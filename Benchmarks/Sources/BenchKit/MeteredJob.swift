import Foundation

/// What a job between two sites took, read from outside while it ran.
public struct MeteredJob: Sendable {
    /// What both sites together had used at a moment, in processor seconds from the start of the job.
    public struct Sample: Sendable {
        /// Seconds since 1970.
        public var time: Double
        /// Of both sites' programs.
        public var programs: Double
        /// Of both sites' workers.
        public var workers: Double
        /// Of them threads of the lowest priority.
        public var idle: Double

        public var total: Double { programs + workers }

        fileprivate func between(_ other: Sample, at time: Double) -> Sample {
            let share = other.time > self.time ? (time - self.time) / (other.time - self.time) : 0
            func mixed(_ first: Double, _ second: Double) -> Double { first + (second - first) * share }
            return Sample(
                time: time, programs: mixed(programs, other.programs), workers: mixed(workers, other.workers),
                idle: mixed(idle, other.idle))
        }
    }

    /// From the submission until it is listed as succeeded, wall clock.
    public let seconds: Double
    /// In order, the first before the submission and the last after the end.
    public let samples: [Sample]
    /// Most resident bytes of a worker.
    public let peak: Double

    public var processorSeconds: Double { (samples.last?.total ?? 0) - (samples.first?.total ?? 0) }

    /// What had been used at a time, between two looks by a straight line.
    public func sample(at time: Double) -> Sample {
        let later = samples.firstIndex { $0.time >= time } ?? samples.count - 1
        return later == 0 ? samples[0] : samples[later - 1].between(samples[later], at: time)
    }
}

extension JoinedSites {
    /// Submits a job at `one` and waits for its end.
    ///
    /// - Parameters:
    ///   - name: the document's.
    ///   - pause: between questions for its state, each of which starts a process; times and memory are read every 100 ms.
    /// - Throws: `BenchFailure`, also when the job does not succeed.
    public func meter(_ document: String, name: String, pause: Duration = .milliseconds(100)) async throws -> MeteredJob
    {
        let both = [owner, partner]
        var idle: [String: Double] = [:]
        func look() throws -> MeteredJob.Sample {
            let found = try both.map { try $0.processors() }
            // Threads that have ended keep what they had.
            for (place, site) in found.enumerated() {
                for (thread, seconds) in site.idle { idle["\(place)/\(thread)"] = seconds }
            }
            return MeteredJob.Sample(
                time: Date().timeIntervalSince1970, programs: found.reduce(0) { $0 + $1.program },
                workers: found.reduce(0) { $0 + $1.workers }, idle: idle.values.reduce(0, +))
        }
        var samples = [try look()]
        var peak = 0.0
        let start = ContinuousClock.now
        _ = try owner.run(["job", "submit", "-f", "-"], input: document)
        var asked = ContinuousClock.now
        while true {
            try await Task.sleep(for: .milliseconds(100))
            peak = max(peak, both.map { $0.workerPeak() }.max() ?? 0)
            samples.append(try look())
            guard ContinuousClock.now - asked >= pause else { continue }
            asked = .now
            let listed = try Self.json(owner.run(["job", "list", "-o", "json"] + Self.scope))
            let jobs = (listed["items"] as? [[String: Any]] ?? []).filter { $0["name"] as? String == name }
            guard let state = jobs.first?["state"] as? String else { throw BenchFailure("the job is not listed") }
            if state == "Succeeded" { break }
            guard !["Failed", "Cancelled"].contains(state) else { throw BenchFailure("the job ended as \(state)") }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        samples.append(try look())
        return MeteredJob(seconds: seconds, samples: samples, peak: peak)
    }
}
