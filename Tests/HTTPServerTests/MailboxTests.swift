import Concurrency
import Dispatch
import Glibc
import Testing

@testable import HTTPServer

@Suite struct MailboxTests {
    private func taken<Message>(from mailbox: Mailbox<Message>) -> [Message] {
        var messages: [Message] = []
        mailbox.takeAll(into: &messages)
        return messages
    }

    @Test func keepsTheOrderAndSignalsOnce() throws {
        let faults = Faults()
        let mailbox = try Mailbox<Int>(syscalls: faults.syscalls)
        for message in 0..<100 { mailbox.post(message) }
        #expect(faults.count(of: .signalCounter) == 1)
        #expect(taken(from: mailbox) == Array(0..<100))
        #expect(taken(from: mailbox) == [])
        mailbox.post(7)
        #expect(faults.count(of: .signalCounter) == 2)
        #expect(taken(from: mailbox) == [7])
    }

    @Test(arguments: 1...5)
    func isWrittenAndReadAgainAfterASignal(times: Int) throws {
        let faults = Faults()
        faults.fail(.signalCounter, with: EINTR, times: times)
        faults.fail(.clearCounter, with: EINTR, times: times)
        let mailbox = try Mailbox<String>(syscalls: faults.syscalls)
        mailbox.post("kept")
        #expect(taken(from: mailbox) == ["kept"])
    }

    @Test func losesNothingFromManyThreads() throws {
        let mailbox = try Mailbox<Int>(syscalls: .kernel)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for message in 0..<1000 { mailbox.post(thread * 1000 + message) }
        }
        #expect(taken(from: mailbox).sorted() == Array(0..<4000))
    }

    @Test func whoeverLeavesTooMuchWaits() throws {
        let mailbox = try Mailbox<Int>(syscalls: .kernel, capacity: 10)
        mailbox.post(1, size: 100)
        mailbox.post(2)
        let left = DispatchSemaphore(value: 0)
        DispatchQueue(label: "test").async { @Sendable in
            for message in 3...5 { mailbox.post(message, size: 6) }
            left.signal()
        }
        // Each is left only when there is room for it.
        var turns: [[Int]] = []
        while turns.joined().count < 5 {
            let messages = taken(from: mailbox)
            if !messages.isEmpty { turns.append(messages) }
        }
        left.wait()
        #expect(turns == [[1, 2], [3], [4], [5]])
    }

    @Test func nobodyWaitsForAClosedMailbox() throws {
        let mailbox = try Mailbox<Int>(syscalls: .kernel, capacity: 10)
        mailbox.post(1, size: 10)
        let left = DispatchSemaphore(value: 0)
        DispatchQueue(label: "test").async { @Sendable in
            mailbox.post(2, size: 10)
            left.signal()
        }
        mailbox.close()
        left.wait()
        mailbox.post(3, size: 100)
        #expect(taken(from: mailbox) == [])
    }

    @Test func saysThatTheCounterFailed() {
        let faults = Faults()
        faults.fail(.createCounter, with: EMFILE, times: 1)
        #expect(throws: HTTPServerError.system(call: "eventfd", errno: EMFILE)) {
            try Mailbox<Int>(syscalls: faults.syscalls)
        }
    }
}
