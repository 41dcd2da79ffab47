import Jobs
import Resources
import TaskRuntime
import Testing

@testable import Portal

@Suite struct FederationWordsTests {
    @Test func everyMessageOfEveryOperatorIsToldInWords() {
        var count = 0
        for known in Operators.all.operators {
            for message in known.description.json["messages"]?.array ?? [] {
                let type = message["type"]?.string ?? ""
                #expect(MessageWords.content(type) != nil, "\(type)")
                count += 1
            }
        }
        #expect(count > 30)
    }

    @Test func aFlowIsASentenceInBothLanguages() {
        let flow: JSONValue = [
            "task": "train", "direction": "sent", "messageType": "boost.sums", "frames": 1204, "bytes": 1_258_291,
            "bits": 2_400_000_000, "resent": 3, "replaced": 0,
        ]
        let words = MessageWords.sentence(flow, peer: "partner")
        #expect(
            words.english
                == "To partner went 1,204 messages of sums of encrypted gradients (boost.sums, task train): 1.3 MB, "
                + "at most 2.4e9 bits of information; 3 sent again.")
        #expect(
            words.chinese
                == "向 partner 发出 1,204 条消息：加密梯度之和（boost.sums，步骤 train），1.3 MB，信息量至多 2.4e9 比特；重发 3 条。")
        let other: JSONValue = [
            "task": "t", "direction": "received", "messageType": "new.kind", "frames": 1, "bytes": 999, "bits": 1,
            "resent": 0, "replaced": 2, "replacedBits": 128,
        ]
        #expect(
            MessageWords.sentence(other, peer: "p").english
                == "From p came 1 message (new.kind, task t): 999 B, at most 1 bit of information; "
                + "2 repeated with other content, at most 128 bits more.")
    }

    @Test(arguments: [("plain-1.x", "plain-1.x"), ("", "''"), ("a b", "'a b'"), ("a'b;$(x)", "'a'\\''b;$(x)'")])
    func wordsOfCommandsAreQuoted(_ text: String, _ word: String) {
        #expect(shellWord(text) == word)
    }
}
