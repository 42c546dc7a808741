#ifndef SB_CLINUX_H
#define SB_CLINUX_H

// What Swift's Glibc module leaves out of the kernel's interface (epoll, eventfd, accept4), and the socket calls whose
// structures are unpleasant in Swift. Every function returns what the kernel does, a value >= 0, or -errno: no caller
// ever reads `errno`. None blocks but sb_epoll_wait, and none raises SIGPIPE.

#include <stddef.h>
#include <stdint.h>

#define SB_EVENT_READ 0x001u
#define SB_EVENT_WRITE 0x004u
#define SB_EVENT_ERROR 0x008u
#define SB_EVENT_HANG_UP 0x010u
#define SB_EVENT_PEER_HALF_CLOSED 0x2000u
#define SB_EVENT_NEWS_ONLY 0x80000000u

#define SB_EPOLL_ADD 1
#define SB_EPOLL_REMOVE 2
#define SB_EPOLL_CHANGE 3

/// Room for the text of any peer: an IPv6 address with a scope, and its NUL.
#define SB_PEER_CAPACITY 64

/// A peer that acknowledges nothing for so long has gone: without a bound the kernel would send again for a quarter of an
/// hour (RFC 5482).
#define SB_SILENCE_SECONDS 120

/// Room for the text of any listening address: "unix:", a path, and its NUL.
#define SB_ADDRESS_CAPACITY 128

/// One readiness report: the number the descriptor was registered under, and SB_EVENT_ bits.
typedef struct sb_event {
    uint64_t id;
    uint32_t events;
} sb_event;

/// A non-blocking listening TCP socket (SO_REUSEADDR; IPv6 only for an IPv6 host). `host` is numeric.
int sb_listen(const char *_Nonnull host, int ipv6, uint16_t port, int backlog);

/// A non-blocking listening Unix-domain socket at `path`, whose file gets the permissions `mode`, never wider ones.
///
/// A socket that stands there is replaced if nobody listens on it, else -EADDRINUSE; -ENOTSOCK if it is another file.
int sb_listen_unix(const char *_Nonnull path, unsigned mode, int backlog);

/// Removes a name from the file system.
int sb_unlink(const char *_Nonnull path);

/// How many sockets the service manager has left open for this process, from descriptor 3 (sd_listen_fds(3)).
int sb_inherited_sockets(void);

/// Makes an inherited socket non-blocking and close-on-exec, and writes where it listens; -ENOTSOCK unless it is a
/// listening stream socket.
int sb_adopt(int descriptor, char *_Nonnull address, size_t capacity);

/// The port a socket is bound to.
int sb_bound_port(int descriptor);

/// The next waiting connection: non-blocking, close-on-exec, TCP_NODELAY; `peer` receives the numeric host, or "unix".
int sb_accept(int listener, char *_Nonnull peer, size_t capacity);

/// Bytes read into `buffer`, 0 at the end of the stream.
long sb_receive(int descriptor, void *_Nonnull buffer, size_t capacity);

/// Bytes the kernel took from `bytes`. `more` says that the next call follows at once (MSG_MORE).
long sb_send(int descriptor, const void *_Nonnull bytes, size_t count, int more);

/// Ends the sending direction: the peer sees the end of the stream after what was sent.
int sb_shutdown_write(int descriptor);

/// Closes a descriptor. It is gone even when an error comes back.
int sb_close(int descriptor);

int sb_epoll_create(void);

/// `operation` is one of SB_EPOLL_. Level-triggered.
int sb_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t id);

/// How many reports were written to `events`; waits `timeout_ms` at most, for ever when it is negative.
int sb_epoll_wait(int epoll, sb_event *_Nonnull events, int capacity, int timeout_ms);

/// A non-blocking event counter at zero.
int sb_eventfd_create(void);

/// Makes the counter readable.
int sb_eventfd_signal(int descriptor);

/// Sets the counter back to zero. -EAGAIN when it was.
int sb_eventfd_clear(int descriptor);

/// How many descriptors the process may have open.
long sb_descriptor_limit(void);

/// Raises that limit as far as the process may, and returns it.
long sb_raise_descriptor_limit(void);

/// A descriptor that holds `name` until it is closed, at the latest when the process ends however it does; -EADDRINUSE while
/// another process (or this one) holds it.
///
/// It is an abstract name of a Unix-domain socket (unix(7)), known to all processes of the network namespace and to nobody
/// else. The socket listens, so that others can watch the name, and accepts nobody.
int sb_claim_name(const char *_Nonnull name);

/// A descriptor that becomes readable when who holds `name` lets go of it: a connection that the holder never accepts, and
/// that the kernel resets.
///
/// -ECONNREFUSED where nobody holds the name, or not yet so that it can be watched; -EAGAIN where too many have watched it: the holder's queue
/// of connections keeps those that were given up.
int sb_watch_name(const char *_Nonnull name);

/// The most descriptors that sb_wait_readable() takes.
#define SB_MAXIMUM_WAITS 1024

/// How many of the descriptors are readable or broken, and in `ready` which; waits `timeout_ms` at most, for ever when it is
/// negative. 0 when a signal came first, too.
int sb_wait_readable(
    const int *_Nonnull descriptors, int count, int timeout_ms, unsigned char *_Nonnull ready);

/// Bounds what glibc's allocator keeps of freed memory: so many arenas, and fixed thresholds in bytes above which memory
/// comes from the system by itself, and above which the top of an arena goes back to it. Before any thread starts.
void sb_bound_allocator(int arenas, int mmap_threshold, int trim_threshold);

/// Gives all whole pages of freed memory back to the system.
void sb_trim_allocator(void);

#endif
