/// The elements of a list in a document, each made when it is written and then forgotten.
///
/// As values of ``JSON`` the elements take several times as many bytes as in the text.
public struct JSONElements: Sendable {
    private let each: @Sendable ((JSON) -> Void) -> Void

    /// What `transform` makes of each of `values`, whenever it is asked for.
    init<Values: Sequence & Sendable>(_ values: Values, _ transform: @escaping @Sendable (Values.Element) -> JSON) {
        each = { body in
            for value in values { body(transform(value)) }
        }
    }

    /// Hands over one element after the other.
    func forEach(_ body: (JSON) -> Void) { each(body) }
}

extension JSONElements: Equatable {
    /// Whether the elements of both are the same.
    public static func == (left: JSONElements, right: JSONElements) -> Bool { left.all == right.all }

    private var all: [JSON] {
        var elements: [JSON] = []
        forEach { elements.append($0) }
        return elements
    }
}
