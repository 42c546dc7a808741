import Concurrency
import Testing

@Suite struct AvailableCoresTests {
    private func cores(_ files: [String: String]) -> Int? {
        CPUQuota.cores { files[$0] }
    }

    @Test func atLeastOneCoreIsThere() {
        #expect(ComputePool.availableCores >= 1)
    }

    @Test func countsTheCoresItMayRunOn() {
        func cores(_ status: String) -> Int? { CPUAffinity.cores { $0 == "/proc/self/status" ? status : nil } }
        #expect(cores("Name:\tx\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n") == 1)
        #expect(cores("Cpus_allowed:\tff,00000003\n") == 10)
        #expect(cores("Cpus_allowed:\t0\n") == nil)
        #expect(cores("Name:\tx\n") == nil)
    }

    @Test func withoutGroupsThereIsNoQuota() {
        #expect(cores([:]) == nil)
        #expect(cores(["/proc/self/cgroup": "garbage\n::\n"]) == nil)
    }

    @Test func readsVersion2UpTheTree() {
        let group = "0::/a/b\n"
        #expect(cores(["/proc/self/cgroup": group, "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n"]) == nil)
        #expect(cores(["/proc/self/cgroup": group, "/sys/fs/cgroup/a/b/cpu.max": "400000 100000\n"]) == 4)
        #expect(
            cores([
                "/proc/self/cgroup": group, "/sys/fs/cgroup/a/b/cpu.max": "400000 100000\n",
                "/sys/fs/cgroup/a/cpu.max": "250000 100000\n",
            ]) == 2)
        #expect(cores(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "300000 100000\n"]) == 3)
    }

    @Test func aFractionOfACoreIsOneCore() {
        #expect(cores(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "50000 100000\n"]) == 1)
    }

    @Test func readsVersion1() {
        let group = "5:memory:/x\n4:cpu,cpuacct:/x\n"
        let folder = "/sys/fs/cgroup/cpu,cpuacct/x"
        #expect(
            cores([
                "/proc/self/cgroup": group, folder + "/cpu.cfs_quota_us": "200000\n",
                folder + "/cpu.cfs_period_us": "100000\n",
            ]) == 2)
        #expect(
            cores([
                "/proc/self/cgroup": group, folder + "/cpu.cfs_quota_us": "-1\n",
                folder + "/cpu.cfs_period_us": "100000\n",
            ]) == nil)
    }

    @Test func ignoresWhatIsNotANumber() {
        for text in ["", "1", "a b", "100000 0", "1e400 1", "nan 5"] {
            #expect((cores(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": text]) ?? 1) >= 1)
        }
    }
}
