import JobStoreConformance
import Jobs
import Testing

@Suite struct MemoryJobStoreTests {
    @Test(arguments: JobStoreFact.all)
    func conforms(_ fact: JobStoreFact) throws { try fact.check(MemoryJobStore()) }
}
