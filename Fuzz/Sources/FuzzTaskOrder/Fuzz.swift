import Faults
import TaskRuntime

/// What a worker is told and what it hands over: an order, a result. Read strictly, so that a result that was taken is
/// written with the bytes it came from, and an order that was taken is read again as the same.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do throws(Fault) {
        let order = try TaskOrder.read(input)
        precondition((try? TaskOrder(decoding: order.encoded())) == order, "another order")
    } catch {
        precondition(error.is(TaskFaults.orderUnreadable))
    }
    do throws(Fault) {
        let result = try TaskResult(decoding: input)
        precondition((try? result.encoded()) == input, "another form")
    } catch {
        precondition(error.is(TaskFaults.resultUnreadable))
    }
    return 0
}
