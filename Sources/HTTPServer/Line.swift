/// Those who wait, first come first served.
///
/// Joining it and being served take constant time.
struct Line<Member: AnyObject> {
    /// Those in front of `front` have been served.
    private var members: [Member?] = []
    private var front = 0

    var count: Int { members.count - front }

    mutating func append(_ member: Member) {
        members.append(member)
    }

    /// Takes out who came first.
    mutating func popFirst() -> Member? {
        guard count > 0 else { return nil }
        let first = members[front].take()
        front += 1
        if count == 0 {
            members.removeAll(keepingCapacity: true)
            front = 0
        } else if front > 64, front > count {
            members.removeFirst(front)
            front = 0
        }
        return first
    }

    /// Takes a member out, wherever it stands; false if it is not there.
    mutating func remove(_ member: Member) -> Bool {
        guard let index = members[front...].firstIndex(where: { $0 === member }) else { return false }
        members.remove(at: index)
        return true
    }
}
