/// The version of Switchback, which every answer states.
public enum Version {
    /// As in CHANGELOG.md.
    public static let current = "0.1.0"
}
