import Concurrency
import Foundation

/// What the defaults of some settings follow from.
struct Machine: Equatable, Sendable {
    /// The cores this process may keep busy.
    var cores: Int
    /// The bytes of memory its control groups allow; nil where they set no limit.
    var memoryLimit: Int?
    /// The folder of models that lies beside the program.
    var modelFolder: String?

    /// The machine this runs on.
    static var current: Machine {
        Machine(
            cores: ComputePool.availableCores, memoryLimit: MemoryQuota.current,
            modelFolder: Environment.current.folder(named: "Models"))
    }

    /// What the machine is called; nothing depends on it, and nobody is asked over the network.
    static var name: String {
        let name = try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
        return name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    }
}
