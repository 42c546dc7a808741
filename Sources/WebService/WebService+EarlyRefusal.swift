internal import HTTP
internal import HTTPTypes
internal import Switchback

extension WebService {
    /// The refusal of a request that its head alone shows to be wrong: no such route (404), method (405), form (406),
    /// type (415) or option (400), or too large (413), as all content is of a method that takes none (RFC 9110, section
    /// 9.3.1).
    ///
    /// Nothing here waits: it runs on the I/O thread.
    func earlyRefusal(of head: RequestHead, requestID: String) -> Response? {
        switch router.match(head.method, head.target) {
        case .notFound: return notFound(head, requestID: requestID)
        case .methodNotAllowed(let allow): return methodNotAllowed(head, allow, requestID: requestID)
        case .options:
            return head.bodyLength == .none ? nil : needlessContent(head.method, requestID: requestID)
        case .found(let route, _, _):
            // What a request without a body asks is soon read, where it is answered.
            guard head.bodyLength != .none else { return nil }
            guard [.post, .put].contains(head.method) else {
                return needlessContent(head.method, requestID: requestID)
            }
            do {
                try check(head, for: route)
                return nil
            } catch {
                return Problem(error).response(requestID: requestID)
            }
        }
    }

    private func check(_ head: RequestHead, for route: Route) throws {
        switch route {
        case .datasets: try DatasetsRoute.check(head)
        case .explanation(let route): try route.check(head, maximumImageBytes: maximumImageBytes)
        case .storeImage:
            if try SubmissionReader.checkType(head.fields).isImageAlone {
                try SubmissionReader.checkLength(of: head, maximumImageBytes: maximumImageBytes)
            }
        default: break
        }
    }

    private func needlessContent(_ method: HTTPRequest.Method, requestID: String) -> Response {
        Problem(
            .contentTooLarge,
            "\(method.rawValue) takes no content: send it without Content-Length and Transfer-Encoding"
        ).response(requestID: requestID)
    }

    func notFound(_ head: RequestHead, requestID: String) -> Response {
        let known = access.mayListPaths(head) ? "; there are \(router.patterns.joined(separator: ", "))" : ""
        return Problem(.notFound, "there is no \(head.target.path)\(known)").response(requestID: requestID)
    }

    func methodNotAllowed(_ head: RequestHead, _ allow: [HTTPRequest.Method], requestID: String) -> Response {
        let methods = allow.map(\.rawValue).joined(separator: ", ")
        let problem = Problem(
            .methodNotAllowed, "\(head.target.path) takes \(methods), not \(head.method.rawValue)")
        var response = problem.response(requestID: requestID)
        response.fields[.allow] = methods
        return response
    }
}
