/// A class and what it is called.
public struct ClassName: Hashable, Sendable {
    /// The index of the class.
    public let classIndex: Int
    /// Its name; nil where the model has no labels.
    public let label: String?

    /// A class of these parts.
    public init(classIndex: Int, label: String?) {
        self.classIndex = classIndex
        self.label = label
    }
}
