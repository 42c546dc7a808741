public import HTTPTypes

/// Finds the handler for a method and a path.
///
/// Patterns are paths whose segments are literal or `{name}`, which stands for any one segment that is not empty. A
/// literal segment goes before a named one. HEAD is answered by GET's handler where it has none of its own, and
/// OPTIONS by what the route allows.
public struct Router<Handler: Sendable>: Sendable {
    private struct Route: Sendable {
        let pattern: String
        var handlers: [(method: HTTPRequest.Method, handler: Handler)] = []
    }

    /// A place in the tree of patterns: one segment more than its parent.
    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: (name: String, node: Int)?
        var route: Route?
    }

    private var nodes = [Node()]
    private var methods: [HTTPRequest.Method] = []

    /// The patterns that have a handler, in the order of registration.
    public private(set) var patterns: [String] = []

    /// A router without routes.
    public init() {}

    /// Registers a handler.
    ///
    /// Traps if the pattern is malformed, names a segment otherwise than another pattern at the same place, or has a
    /// handler for that method already.
    public mutating func on(_ method: HTTPRequest.Method, _ pattern: String, _ handler: Handler) {
        precondition(pattern.hasPrefix("/"), "the pattern '\(pattern)' does not begin with '/'")
        var node = 0
        for segment in pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            node = child(of: node, String(segment), pattern)
        }
        if nodes[node].route == nil { patterns.append(pattern) }
        var route = nodes[node].route ?? Route(pattern: pattern)
        precondition(!route.handlers.contains { $0.method == method }, "\(method) \(pattern) is registered twice")
        route.handlers.append((method, handler))
        nodes[node].route = route
        if !methods.contains(method) { methods.append(method) }
    }

    /// What there is for a request.
    ///
    /// `Allow` lists stand in the order of registration, HEAD behind GET, OPTIONS last.
    public func match(_ method: HTTPRequest.Method, _ target: RequestTarget) -> RouterMatch<Handler> {
        if target.form == .asterisk { return .options(allow: allowed(methods)) }
        var parameters: [String: String] = [:]
        guard let route = find(target.segments[...], from: 0, &parameters) else { return .notFound }
        if let handler = handler(route, method) ?? (method == .head ? handler(route, .get) : nil) {
            return .found(handler, pattern: route.pattern, parameters: parameters)
        }
        let allow = allowed(route.handlers.map(\.method))
        return method == .options ? .options(allow: allow) : .methodNotAllowed(allow: allow)
    }

    private mutating func child(of node: Int, _ segment: String, _ pattern: String) -> Int {
        if segment.hasPrefix("{"), segment.hasSuffix("}"), segment.count > 2 {
            let name = String(segment.dropFirst().dropLast())
            if let known = nodes[node].parameter {
                precondition(known.name == name, "'\(pattern)' calls {\(name)} what another calls {\(known.name)}")
                return known.node
            }
            nodes.append(Node())
            nodes[node].parameter = (name, nodes.count - 1)
            return nodes.count - 1
        }
        precondition(!segment.contains { "{}%?#".contains($0) }, "'\(segment)' in '\(pattern)' is no segment")
        if let known = nodes[node].literals[segment] { return known }
        nodes.append(Node())
        nodes[node].literals[segment] = nodes.count - 1
        return nodes.count - 1
    }

    private func find(
        _ segments: ArraySlice<String>, from node: Int, _ parameters: inout [String: String]
    ) -> Route? {
        guard let first = segments.first else { return nodes[node].route }
        if let literal = nodes[node].literals[first],
            let route = find(segments.dropFirst(), from: literal, &parameters)
        {
            return route
        }
        guard let parameter = nodes[node].parameter, !first.isEmpty,
            let route = find(segments.dropFirst(), from: parameter.node, &parameters)
        else { return nil }
        parameters[parameter.name] = first
        return route
    }

    private func handler(_ route: Route, _ method: HTTPRequest.Method) -> Handler? {
        route.handlers.first { $0.method == method }?.handler
    }

    private func allowed(_ methods: [HTTPRequest.Method]) -> [HTTPRequest.Method] {
        var allowed: [HTTPRequest.Method] = []
        for method in methods where method != .head && method != .options {
            allowed.append(method)
            if method == .get { allowed.append(.head) }
        }
        if methods.contains(.head) && !allowed.contains(.head) { allowed.append(.head) }
        return allowed + [.options]
    }
}
