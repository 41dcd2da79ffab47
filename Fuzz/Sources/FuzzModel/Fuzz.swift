import Faults
import Modeling
import TaskRuntime

/// A model that came from outside: what was taken is written with the bytes it came from, alone and as a part.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    do throws(Fault) {
        let model = try BoostedModel(bytes: input)
        precondition(model.bytes == input, "another form")
        _ = model.importance
        _ = model.structure.digest
    } catch {
        precondition(error.is(ModelingFaults.encoding))
    }
    do throws(Fault) {
        let part = try ModelPart(bytes: input)
        precondition(part.bytes == input, "another form")
    } catch {
        precondition(error.is(ModelingFaults.encoding))
    }
    do throws(Fault) {
        let joined = try JoinedModel(bytes: input)
        precondition(joined.bytes == input, "another form")
        _ = joined.digest
    } catch {
        precondition(error.is(BoostFaults.modelUnusable))
    }
    do throws(Fault) {
        let part = try WoePart(bytes: input)
        precondition(part.bytes == input, "another form")
    } catch {}
    do throws(Fault) {
        let guest = try WoeGuestResult(bytes: input)
        precondition(guest.bytes == input, "another form")
        _ = try guest.tables
    } catch {
        precondition(error.is(WoeFaults.resultUnusable))
    }
    do throws(Fault) {
        let host = try WoeHostResult(bytes: input)
        precondition(host.bytes == input, "another form")
    } catch {
        precondition(error.is(WoeFaults.resultUnusable))
    }
    do throws(Fault) {
        let selection = try SelectionResult(bytes: input)
        precondition(selection.bytes == input, "another form")
    } catch {
        precondition(error.is(WoeFaults.selectionUnusable))
    }
    do throws(Fault) {
        let guest = try LogisticGuestResult(bytes: input)
        precondition(guest.bytes == input, "another form")
    } catch {
        precondition(error.is(LogisticFaults.modelUnusable))
    }
    do throws(Fault) {
        let host = try LogisticHostResult(bytes: input)
        precondition(host.bytes == input, "another form")
    } catch {
        precondition(error.is(LogisticFaults.modelUnusable))
    }
    return 0
}
