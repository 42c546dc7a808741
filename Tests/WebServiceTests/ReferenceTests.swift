import Foundation
import Switchback
import Testing
import TestSupport
import WebService

/// Every reference case, in the process and again through HTTP.
struct ReferenceTests {
    private static let folder = Fixtures.url("reference/cases").path

    @Test(arguments: try ReferenceCheck.all(in: folder).map(\.name))
    func agreesWithTheReference(name: String) throws {
        let check = try #require(try ReferenceCheck.all(in: Self.folder).first { $0.name == name })
        let problem = try check.problem(with: TestService().engine)
        #expect(problem == nil)
    }

    /// The bytes over HTTP are those of the engine, which the test above holds to the reference.
    @Test func answersTheSameThroughHTTP() throws {
        let service = try TestService()
        try withRunningService(service) { client in
            for check in try ReferenceCheck.all(in: Self.folder) {
                for question in check.questions {
                    let query = question.options.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
                    let target = "/\(question.kind.rawValue)?\(query)"
                    let answer = try client.send("POST", target, type: "application/x-npy", body: question.input)
                    #expect(answer.status == 200, "\(check.name)")
                    let request = try ExplanationRequest(question.kind, options: question.options)
                    let own = try service.engine.answer(request, about: .npy(question.input))
                    #expect(answer.body == AnswerDocument(own, arrays: .base64).json.encoded(), "\(check.name)")
                }
            }
        }
    }
}
