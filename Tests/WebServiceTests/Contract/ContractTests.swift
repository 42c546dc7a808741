import Jobs
import Switchback
import Testing

/// `openapi.yaml` against the running service: what the contract shows works, and what comes back is what it promises.
struct ContractTests {
    @Test func everyExampleRequestIsAnsweredAsPromised() throws {
        let contract = try Contract()
        let id = try #require(JobID("5f0c6a1de9b24c7788d3a1b2c3d4e5f6"))
        let service = try TestService(
            contract: contract.bytes, jobs: JobLimits(), jobIDs: [id], datasets: try TestDatasets.uploads())
        try service.completeJob()
        try withRunningService(service) { client in
            let chelsea = try TestService.chelsea()
            let input = try client.send("POST", "/predict?format=npy&array=input", type: "image/png", body: chelsea)
            #expect(input.status == 200)
            // Writing comes before reading, and removing last, so that what an example reads is there.
            let order = ["PUT", "POST", "GET", "HEAD", "OPTIONS", "DELETE"]
            for method in order {
                // What a job is about cannot be removed.
                if method == "DELETE" { try service.workUntilIdle() }
                for operation in contract.operations where operation.method == method {
                    for request in try operation.exampleRequests(input: input.body) {
                        let answer = try client.send(method, request.target, type: request.type, body: request.body)
                        let faults = try operation.faults(of: answer, by: contract.validator)
                        #expect(answer.status < 300, "\(request): \(answer.status) \(answer.text)")
                        #expect(faults.isEmpty, "\(request): \(faults.joined(separator: "\n"))")
                    }
                }
            }
            #expect(Set(contract.operations.map(\.method)).isSubset(of: order))
        }
    }

    @Test func refusesAnAnswerThatBreaksIt() throws {
        let contract = try Contract()
        let health = try contract.operation("health")
        func faults(_ body: String, status: Int = 200, type: String = "application/json") throws -> [String] {
            let head = "HTTP/1.1 \(status) \r\nContent-Type: \(type)"
            let answer = HTTPClient.Answer(status: status, head: head, body: Array(body.utf8))
            return try health.faults(of: answer, by: contract.validator)
        }
        #expect(try faults(#"{"status": "ok", "version": "1"}"#) == [])
        #expect(try faults(#"{"status": "ok"}"#) == ["$: the member 'version' is missing"])
        #expect(try faults(#"{"status": "ok", "version": 1}"#) == ["$.version: is number, not string"])
        #expect(
            try faults(#"{"status": "ok", "version": "1", "more": 1}"#) == ["$: the member 'more' is not in the schema"]
        )
        #expect(try faults("ok", type: "text/plain") == ["the type 'text/plain' is not in the contract"])
    }
}
