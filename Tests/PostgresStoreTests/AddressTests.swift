import Blobs
import Jobs
import Testing

@testable import PostgresStore

/// What is said of a database that cannot be reached: where, why and what to check, and never the password.
@Suite struct AddressTests {
    private func refusal(of address: String) -> String {
        do throws(JobsError) {
            _ = try PostgresJobStore(address: address)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func aServerThatHangsUpIsAway() {
        let failure = PostgresFailure(
            state: nil, reason: "server closed the connection unexpectedly", isConnectionLost: true)
        #expect(JobsError.refused(failure, operation: "list jobs") == .away(reason: failure.reason))
        #expect(BlobError.refused(failure, operation: "look for bytes") == .away(reason: failure.reason))
    }

    @Test func aServerThatIsNotThereIsNamed() {
        let words = refusal(of: "postgresql://ann:s3cret@127.0.0.1:1/jobs")
        #expect(
            words.hasPrefix(
                "the store of jobs cannot reach the database: connection to server at \"127.0.0.1\", port 1 failed"))
        let advice = "refused; check the address, that the server runs there, and that it lets this user in"
        #expect(words.hasSuffix(advice))
        #expect(!words.contains("s3cret"))
        #expect {
            try PostgresJobStore(address: "postgresql://ann@127.0.0.1:1/jobs")
        } throws: { error in
            if case .away? = error as? JobsError { true } else { false }
        }
        #expect {
            try PostgresBlobStore(address: "host=/nowhere dbname=none", collection: "blobs")
        } throws: { error in
            "\(error)".hasPrefix("cannot reach the database: connection to server on socket \"/nowhere/")
        }
    }

    @Test(arguments: [
        "postgresql://ann:s3cr%zzt@127.0.0.1:1/jobs", "postgresql://ann:s3cret",
        "postgresql://ann:s3cr[t@127.0.0.1:1/jobs", "postgresql://ann:s3cr\"t\"x@127.0.0.1:x/jobs",
        "postgresql://[s3cret/jobs", "postgresql://127.0.0.1/jobs?s3cret=1",
    ])
    func anAddressThatIsNoneIsNotQuoted(_ address: String) {
        let words = refusal(of: address)
        #expect(words.hasPrefix("the store of jobs cannot reach the database: "))
        #expect(!words.contains("s3cr"), "\(words)")
    }

    @Test func hostsAreQuotedUnlessThereMayBeMoreInThem() {
        let host = PostgresFailure.unreachable("could not translate host name \"db.example\" to address: unknown\n")
        #expect(host.reason.hasPrefix("could not translate host name \"db.example\" to address: unknown; check"))
        let more = PostgresFailure.unreachable("could not translate host name \"cret@db.example\" to address: unknown")
        #expect(more.reason.hasPrefix("could not translate host name \"…\" to address: unknown; check"))
    }
}
