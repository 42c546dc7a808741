import Concurrency
import Testing

@Suite struct MemoryQuotaTests {
    private func bytes(_ files: [String: String]) -> Int? {
        MemoryQuota.bytes { files[$0] }
    }

    @Test func withoutGroupsThereIsNoQuota() {
        #expect(bytes([:]) == nil)
        #expect(bytes(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n"]) == nil)
    }

    @Test func readsVersion2UpTheTree() {
        let group = ["/proc/self/cgroup": "0::/system.slice/switchback.service\n"]
        let inner = ["/sys/fs/cgroup/system.slice/switchback.service/memory.max": "536870912\n"]
        let outer = ["/sys/fs/cgroup/system.slice/memory.max": "268435456\n"]
        #expect(bytes(group.merging(inner) { $1 }) == 512 << 20)
        #expect(bytes(group.merging(inner) { $1 }.merging(outer) { $1 }) == 256 << 20)
    }

    @Test func theThresholdOfThrottlingCountsToo() {
        #expect(
            bytes([
                "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "1000000\n",
                "/sys/fs/cgroup/memory.high": "900000\n",
            ]) == 900_000)
    }

    @Test func readsVersion1UpTheTree() {
        let group = ["/proc/self/cgroup": "9:memory:/docker/abc\n4:cpu:/x\n0::/docker/abc\n"]
        let inner = ["/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": "9223372036854771712\n"]
        let outer = ["/sys/fs/cgroup/memory/memory.limit_in_bytes": "104857600\n"]
        #expect(bytes(group.merging(inner) { $1 }) == nil)
        #expect(bytes(group.merging(inner) { $1 }.merging(outer) { $1 }) == 100 << 20)
    }

    @Test func inAContainerTheMountPointIsTheGroup() {
        let files = ["/proc/self/cgroup": "0::/../../elsewhere\n", "/sys/fs/cgroup/memory.max": "1048576"]
        #expect(bytes(files) == 1 << 20)
    }

    @Test func ignoresWhatIsNotANumber() {
        for text in ["", "-1", "0", "lots", "99999999999999999999"] {
            #expect(bytes(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": text]) == nil)
        }
    }
}
