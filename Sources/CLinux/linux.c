#define _GNU_SOURCE
#include <malloc.h>
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(SB_EVENT_READ == EPOLLIN && SB_EVENT_WRITE == EPOLLOUT && SB_EVENT_ERROR == EPOLLERR, "epoll bits");
_Static_assert(SB_EVENT_HANG_UP == EPOLLHUP && SB_EVENT_PEER_HALF_CLOSED == EPOLLRDHUP, "epoll bits");
_Static_assert(SB_EVENT_NEWS_ONLY == EPOLLET, "epoll bits");
_Static_assert(SB_EPOLL_ADD == EPOLL_CTL_ADD && SB_EPOLL_REMOVE == EPOLL_CTL_DEL, "epoll operations");
_Static_assert(SB_EPOLL_CHANGE == EPOLL_CTL_MOD, "epoll operations");

#define SB_MAXIMUM_EVENTS 256

static int closed_after(int descriptor, int error) {
    close(descriptor);
    return -error;
}

static int fill_address(struct sockaddr_storage *address, const char *host, int ipv6, uint16_t port,
                        socklen_t *length) {
    memset(address, 0, sizeof *address);
    if (ipv6) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        *length = sizeof *v6;
        return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1 ? 0 : -EINVAL;
    }
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    *length = sizeof *v4;
    return inet_pton(AF_INET, host, &v4->sin_addr) == 1 ? 0 : -EINVAL;
}

int sb_listen(const char *host, int ipv6, uint16_t port, int backlog) {
    struct sockaddr_storage address;
    socklen_t length;
    int status = fill_address(&address, host, ipv6, port, &length);
    if (status < 0) return status;
    int descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int on = 1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) return closed_after(descriptor, errno);
    if (ipv6 && setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)
        return closed_after(descriptor, errno);
    if (bind(descriptor, (struct sockaddr *)&address, length) < 0) return closed_after(descriptor, errno);
    if (listen(descriptor, backlog) < 0) return closed_after(descriptor, errno);
    return descriptor;
}

int sb_bound_port(int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) < 0) return -errno;
    if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    if (address.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&address)->sin_port);
    return -EAFNOSUPPORT;
}

// The interface of a link-local peer matters: the same address on two links is two hosts.
static void write_peer(const struct sockaddr_storage *address, char *peer, size_t capacity) {
    char text[INET6_ADDRSTRLEN] = "";
    char name[IF_NAMESIZE] = "";
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
        if (v6->sin6_scope_id != 0 && if_indextoname(v6->sin6_scope_id, name) != NULL) {
            snprintf(peer, capacity, "%s%%%s", text, name);
            return;
        }
    } else if (address->ss_family == AF_UNIX) {
        snprintf(text, sizeof text, "unix");
    } else if (address->ss_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
    }
    snprintf(peer, capacity, "%s", text);
}

int sb_accept(int listener, char *peer, size_t capacity) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    int descriptor = accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return -errno;
    int on = 1;
    // A peer that has gone already makes this fail, which the first read reports; a Unix-domain socket has no delay.
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    unsigned silence = SB_SILENCE_SECONDS * 1000;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence, sizeof silence);
    write_peer(&address, peer, capacity);
    return descriptor;
}

// The calls of every request go past the C library's own wrappers: those are cancellation points, which in a process with
// threads costs each of them two atomic changes to the thread's state.

long sb_receive(int descriptor, void *buffer, size_t capacity) {
    long count = syscall(SYS_recvfrom, descriptor, buffer, capacity, 0, NULL, NULL);
    return count < 0 ? -errno : count;
}

long sb_send(int descriptor, const void *bytes, size_t count, int more) {
    int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
    long sent = syscall(SYS_sendto, descriptor, bytes, count, flags, NULL, 0);
    return sent < 0 ? -errno : sent;
}

int sb_shutdown_write(int descriptor) { return shutdown(descriptor, SHUT_WR) < 0 ? -errno : 0; }

int sb_close(int descriptor) { return close(descriptor) < 0 ? -errno : 0; }

int sb_epoll_create(void) {
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int sb_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t id) {
    struct epoll_event event = {.events = events, .data = {.u64 = id}};
    return epoll_ctl(epoll, operation, descriptor, &event) < 0 ? -errno : 0;
}

int sb_epoll_wait(int epoll, sb_event *events, int capacity, int timeout_ms) {
    // The kernel's structure is packed on x86-64; Swift sees a plain one.
    struct epoll_event ready[SB_MAXIMUM_EVENTS];
    if (capacity > SB_MAXIMUM_EVENTS) capacity = SB_MAXIMUM_EVENTS;
    // The last argument is the size of a signal mask, which is not given.
    int count = (int)syscall(SYS_epoll_pwait, epoll, ready, capacity, timeout_ms, NULL, (size_t)8);
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) {
        events[i].id = ready[i].data.u64;
        events[i].events = ready[i].events;
    }
    return count;
}

int sb_eventfd_create(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int sb_eventfd_signal(int descriptor) { return eventfd_write(descriptor, 1) < 0 ? -errno : 0; }

int sb_eventfd_clear(int descriptor) {
    eventfd_t value;
    return eventfd_read(descriptor, &value) < 0 ? -errno : 0;
}

void sb_bound_allocator(int arenas, int mmap_threshold, int trim_threshold) {
    mallopt(M_ARENA_MAX, arenas);
    mallopt(M_MMAP_THRESHOLD, mmap_threshold);
    mallopt(M_TRIM_THRESHOLD, trim_threshold);
}

void sb_trim_allocator(void) {
    malloc_trim(0);
}
