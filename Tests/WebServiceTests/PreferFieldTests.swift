import HTTPTypes
import Switchback
import Testing

@testable import WebService

/// What is made of `Prefer`.
@Suite struct PreferFieldTests {
    private func read(_ values: String...) -> PreferField {
        var fields = HTTPFields()
        for value in values { fields.append(HTTPField(name: .prefer, value: value)) }
        return PreferField(fields)
    }

    @Test(arguments: [
        "respond-async", " Respond-Async ;wait=1", "wait=5, respond-async", "return=minimal,respond-async;",
    ])
    func aLaterAnswerIsPreferred(value: String) {
        #expect(read(value).respondsAsync)
        #expect(read(value).priority == nil)
    }

    @Test(arguments: ["", ",", ";", "wait=5", "respond-asynchronously", "wait;respond-async", "=respond-async"])
    func nothingIsSaidOfThat(value: String) {
        #expect(!read(value).respondsAsync)
    }

    @Test func aJobMayBeMoreOrLessUrgent() {
        #expect(read("respond-async; priority=low").priority == .low)
        #expect(read("wait=5, respond-async;wait=3; Priority = \"High\"").priority == .high)
        #expect(read("respond-async;priority=normal").priority == .normal)
    }

    @Test(arguments: ["respond-async; priority=9", "respond-async; priority", "respond-async, priority=low"])
    func anUnknownUrgencyIsNone(value: String) {
        #expect(read(value).respondsAsync)
        #expect(read(value).priority == nil)
    }

    @Test func theFirstOfTwoCounts() {
        #expect(read("respond-async; priority=low", "respond-async; priority=high").priority == .low)
    }
}
