public import HTTP

extension WebService {
    /// The refusal of a request that may not be answered, whatever is in its body.
    public func refusal(of head: RequestHead, requestID: String) -> Response? {
        do throws(AccessRefusal) {
            _ = try access.client(of: head)
            return nil
        } catch {
            return sealed(Problem(access: error).response(requestID: requestID), for: head)
        }
    }

    /// The name of the token that the request brings, for the access log.
    public func client(of head: RequestHead) -> String? { (try? access.client(of: head)) ?? nil }
}
