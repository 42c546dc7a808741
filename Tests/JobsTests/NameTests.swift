import Jobs
import Testing

@Suite struct NameTests {
    private struct Zeros: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0xA }
    }

    @Test func namesHaveThirtyTwoDigits() {
        var generator = Zeros()
        #expect(JobID(using: &generator).text == "000000000000000a000000000000000a")
        #expect(LeaseToken(using: &generator).text == "000000000000000a000000000000000a")
    }

    @Test func otherTextsAreNoNames() {
        #expect(JobID("0123456789abcdef0123456789abcdef") != nil)
        for text in [
            "", "0123456789abcdef0123456789abcde", "0123456789ABCDEF0123456789ABCDEF",
            "../../../../etc/passwd/x/y/z/a/b",
        ] {
            #expect(JobID(text) == nil)
        }
    }

    @Test func errorsSayWhatIsWrong() {
        #expect(JobsError.keyUsed("k").description == "the idempotency key 'k' was used for another request")
        #expect(JobsError.tooManyJobs(client: "ann", maximum: 3).description.contains("3 jobs"))
        #expect(JobsError.noSpace.description == "the store of jobs is full")
    }
}
