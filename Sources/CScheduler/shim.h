#pragma once

#if defined(__linux__)
#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// Gives the calling thread a nice value and turns of so many nanoseconds: sched_setattr(2), which the C library of
// Debian 12 has no function for. Linux before 6.12 takes the nice value and pays no heed to the turns.
//
// Returns 0, or what errno says.
static inline int headgate_set_turns(int32_t nice, uint64_t nanoseconds) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {.size = sizeof attributes, .nice = nice, .runtime = nanoseconds};
    return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0 ? 0 : errno;
}
#endif
