import Faults
import Jobs
import TaskRuntime

/// A plan of another site: read strictly, so what is read is written with the same bytes; what is then said of it never
/// fails in another way than with a fault.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do throws(Fault) {
        let plan = try JobPlan(bytes: input)
        precondition(plan.bytes == input, "another form")
        do throws(Fault) {
            try PlanChecks(Operators.all).check(plan, at: plan.owner)
            let statement = PlanStatement(plan, rates: .careful, Operators.all)
            precondition(statement.tasks.count == plan.tasks.count)
        } catch {
            precondition(!error.leaves.isEmpty)
        }
    } catch {
        precondition(error.is(JobFaults.unreadablePlan))
    }
    return 0
}
