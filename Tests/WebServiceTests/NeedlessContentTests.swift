import HTTP
import HTTPTypes
import Switchback
import Testing

@testable import WebService

/// GET, HEAD, OPTIONS and DELETE take no content: it is refused before a byte of it is read.
struct NeedlessContentTests {
    @Test func isRefusedOnEveryRoute() throws {
        let contract = try Contract()
        let service = try TestService(
            contract: contract.bytes, jobs: JobLimits(), datasets: try TestDatasets.uploads()
        ).service
        for operation in contract.operations where ["GET", "DELETE"].contains(operation.method) {
            let target = try RequestTarget(operation.path.replacing(/\{[^}]+\}/, with: "x"))
            let methods: [HTTPRequest.Method] = operation.method == "GET" ? [.get, .head, .options] : [.delete]
            for method in methods {
                for length in [BodyLength.fixed(1), .fixed(1 << 20), .chunked] {
                    let head = RequestHead(method: method, target: target, bodyLength: length)
                    #expect(
                        service.refusal(of: head, requestID: "r")?.status == .contentTooLarge,
                        "\(method) \(target.path)")
                }
                #expect(service.refusal(of: RequestHead(method: method, target: target), requestID: "r") == nil)
            }
        }
    }

    @Test(arguments: ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
    func isNotReadWithATokenOrWithout(framing: String) throws {
        try withRunningService(try GuardedService().service) { (client) throws in
            // The content never comes.
            func status(_ line: String, _ fields: String...) throws -> Int {
                let head = ["\(line) HTTP/1.1", "Host: a", framing] + fields
                let answer = try client.exchange(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8))
                #expect(answer.field("connection") == "close")
                #expect(answer.status == 401 || line.hasPrefix("HEAD") || answer.text.contains("takes no content"))
                return answer.status
            }
            let bearer = "Authorization: Bearer \(AccessControlTests.keeper)"
            for line in ["OPTIONS /predict", "OPTIONS *", "GET /healthz", "HEAD /readyz"] {
                #expect(try status(line) == 413, "\(line)")
            }
            #expect(try status("GET /models") == 401)
            for line in ["GET /models", "HEAD /models", "DELETE /images/ab"] {
                #expect(try status(line, bearer) == 413, "\(line)")
            }
        }
    }
}
