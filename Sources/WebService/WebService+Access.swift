public import HTTP

extension WebService {
    /// The refusal of a request by its head alone: first whether it may be asked at all, then whether it can be right.
    public func refusal(of head: RequestHead, requestID: String) -> Response? {
        do throws(AccessRefusal) {
            _ = try access.client(of: head)
        } catch {
            return sealed(Problem(access: error).response(requestID: requestID), for: head)
        }
        return earlyRefusal(of: head, requestID: requestID).map { sealed($0, for: head) }
    }

    /// The name of the token that the request brings, for the access log.
    public func client(of head: RequestHead) -> String? { (try? access.client(of: head)) ?? nil }
}
